import type { ServiceTable } from "#ingest/lookup-sql.ts";

/** OCI services as cost reports name them, by FOCUS service category; the assignment is ours. */
export const ociServices: ServiceTable = [
  ["AI and Machine Learning", "Generative AI", ["GENERATIVE_AI", "GENERATIVEAI", "GENERATIVE_AI_AGENTS"]],
  [
    "AI and Machine Learning",
    "Machine Learning",
    ["DATA_SCIENCE", "DATASCIENCE", "AI_VISION", "AI_LANGUAGE", "AI_SPEECH", "AI_ANOMALY_DETECTION"],
  ],
  ["Compute", "Virtual Machines", ["COMPUTE"]],
  ["Compute", "Containers", ["CONTAINER_ENGINE_FOR_KUBERNETES", "CONTAINER_INSTANCES", "REGISTRY", "OKE"]],
  ["Compute", "Serverless Compute", ["FUNCTIONS"]],
  ["Storage", "Block Storage", ["BLOCK_STORAGE"]],
  ["Storage", "Object Storage", ["OBJECTSTORE", "OBJECT_STORAGE"]],
  ["Storage", "File Storage", ["FILE_STORAGE", "FILESTORE"]],
  ["Databases", "Relational Databases", ["DATABASE", "MYSQL", "POSTGRESQL", "ADW", "ATP"]],
  ["Databases", "NoSQL Databases", ["NOSQL"]],
  ["Networking", "Network Infrastructure", ["NETWORK", "VIRTUAL_CLOUD_NETWORK", "VCN"]],
  ["Networking", "Application Networking", ["LOAD_BALANCER", "LBAAS"]],
  ["Networking", "Network Routing", ["DNS"]],
  ["Networking", "Network Security", ["WAF", "NETWORK_FIREWALL"]],
  ["Integration", "Messaging", ["STREAMING", "NOTIFICATIONS", "QUEUE"]],
  ["Integration", "API Management", ["API_GATEWAY"]],
  ["Integration", "Other (Integration)", ["INTEGRATION"]],
  ["Analytics", "Analytics Platforms", ["ANALYTICS", "DATA_INTEGRATION", "DATA_FLOW"]],
  ["Management and Governance", "Observability", ["TELEMETRY", "LOGGING", "MONITORING", "APM"]],
  ["Security", "Secret Management", ["KEY_MANAGEMENT", "VAULT"]],
];
