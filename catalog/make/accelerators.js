/** Names under which machine tables, devices and people know an accelerator of the specifications. */
const alsoCalled = {
  "A100-40GB": "A100|A100-SXM4-40GB|A100-PCIE-40GB",
  "A100-80GB": "A100-SXM4-80GB|A100 80GB PCIe",
  H100: "H100 80GB HBM3|H100 PCIe|H100-SXM5-80GB",
  H200: "H200-SXM5-141GB",
  RTXPRO6000: "RTXPRO6000|RTX PRO 6000 Blackwell Server Edition|rtx-pro-server-6000",
  A6000: "RTX A6000",
  "V100-16GB": "V100|V100-SXM2-16GB",
  "V100-32GB": "V100-SXM2-32GB",
  T4: "Tesla T4",
  MI300X: "Instinct MI300X",
  Gaudi2: "HL-225",
  "TPU-v5e": "tpu-v5-lite-podslice|v5litepod",
  "TPU-v5p": "tpu-v5p-slice",
  "TPU-v6e": "tpu-v6e-slice|Trillium",
};
const verified = { yes: "yes", partly: "partly", no: "no", "memory size only": "memory only" };

/** A line of accelerators.csv; an empty figure is unknown. */
export function acceleratorLine(row) {
  const state = verified[row.Verified];
  if (state === undefined) throw new Error(`${row.Accelerator}: what does "${row.Verified}" say of its figures?`);
  const figures = [
    row.MemoryGiB,
    row.MemoryBandwidthGBps,
    row.DenseBF16orFP16_TFLOPS,
    row.DenseFP8_TFLOPS,
    row.DenseINT8_TOPS,
    row.DenseFP4_TFLOPS,
    row.TDP_W,
    row.IntraNodeGBpsPerDirection,
  ];
  const source = row.Source.replaceAll(",", ";").replaceAll('"', "");
  const names = [row.Accelerator === "RTXPRO6000" ? "RTX PRO 6000" : row.Accelerator, alsoCalled[row.Accelerator] ?? ""];
  return [...names, row.Vendor, row.FormFactor, ...figures, state, "2026-08", source].join(",");
}

export const acceleratorHead =
  "Accelerator,AlsoCalled,Vendor,FormFactor,MemoryGiB,MemoryGBps,DenseBf16Tflops,DenseFp8Tflops,DenseInt8Tops,DenseFp4Tflops,TdpWatts,LinkGBps,Verified,AsOf,Source";
