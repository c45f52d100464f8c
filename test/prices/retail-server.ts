import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of this machine in the place of prices.azure.com. */
export interface RetailServer {
  readonly url: string;
  /** Paths with their queries, decoded, in order of their coming. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** @param answer what to say to the n-th request, from 0 */
export async function retailServer(
  answer: (n: number, response: ServerResponse, request: IncomingMessage, url: string) => void,
): Promise<RetailServer> {
  const asked: string[] = [];
  let url = "";
  const server = createServer((request, response) => {
    asked.push(decodeURIComponent((request.url ?? "").replaceAll("+", " ")));
    answer(asked.length - 1, response, request, url);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An item as the API documents it; prices are written into the JSON digit by digit. */
export function retailItem(of: Readonly<Record<string, unknown>> = {}, price = "98.32"): string {
  const item = {
    currencyCode: "USD",
    tierMinimumUnits: 0,
    armRegionName: "eastus",
    location: "US East",
    effectiveStartDate: "2023-08-01T00:00:00Z",
    meterId: "00000000-0000-0000-0000-000000000001",
    meterName: "ND96isr H100 v5",
    productId: "DZH318Z0H1L3",
    skuId: "DZH318Z0H1L3/0001",
    productName: "Virtual Machines NDsrH100v5 Series",
    skuName: "Standard_ND96isr_H100_v5",
    serviceName: "Virtual Machines",
    serviceId: "DZH313Z7MMC8",
    serviceFamily: "Compute",
    unitOfMeasure: "1 Hour",
    type: "Consumption",
    isPrimaryMeterRegion: true,
    armSkuName: "Standard_ND96isr_H100_v5",
    ...of,
  };
  const text = JSON.stringify(item);
  return `${text.slice(0, -1)},"retailPrice":${price},"unitPrice":${price}}`;
}

/** A page as the API documents it. */
export const retailPage = (items: readonly string[], next: string | null = null): string =>
  `{"BillingCurrency":"USD","CustomerEntityId":"Default","CustomerEntityType":"Retail","Items":[${items.join(",")}],"NextPageLink":${JSON.stringify(next)},"Count":${items.length}}`;
