import type { Account } from "./model.ts";

/** The company is Halyard, which makes assistants for shipping agents. Production and R&D have accounts of their own but for two mixed ones. */
export const accounts = {
  prod: { id: "210000000011", name: "halyard-prod", source: "aws", use: "production" },
  data: { id: "210000000012", name: "halyard-data", source: "aws", use: "production" },
  rnd: { id: "210000000021", name: "halyard-rnd", source: "aws", use: "R&D" },
  shared: { id: "210000000031", name: "halyard-shared", source: "aws", use: "mixed" },
  vision: { id: "210000000032", name: "halyard-vision", source: "aws", use: "mixed" },
  azureProd: {
    id: "5b1d7c1e-0a52-4c6e-9c55-1f0a3c9d2b11",
    name: "halyard-vision-prod",
    source: "azure",
    use: "production",
  },
  azureRnd: {
    id: "c2f4a9d0-77be-4a0e-8f3b-6f6d9b1e4c22",
    name: "halyard-research",
    source: "azure",
    use: "R&D",
  },
  gpuCloud: { id: "project-halyard", name: "halyard", source: "gpucloud", use: "R&D" },
  openai: { id: "org-halyard", name: "Halyard", source: "openai", use: "production" },
  anthropic: {
    id: "7f3e0a52-9d1b-4c77-b7f0-2a6d5e8c9b10",
    name: "Halyard",
    source: "anthropic",
    use: "production",
  },
  tern: { id: "310000000001", name: "tern-labs", source: "aws-cur", use: "R&D" },
} as const satisfies Record<string, Account>;

/** Who pays; one per bill. */
export const payers = {
  aws: { id: "100000000001", name: "Halyard Payer" },
  azure: { id: "8a1b2c3d-0000-4a00-9000-000000000001", name: "Halyard B.V." },
  gpucloud: { id: "org-halyard", name: "Halyard" },
  tern: { id: "310000000001", name: "Tern Labs" },
} as const;
