import type { ServiceTable } from "#ingest/lookup-sql.ts";

/** Google Cloud services by their description, in lower case, by FOCUS service category; the assignment is ours. */
export const gcpServices: ServiceTable = [
  ["AI and Machine Learning", "Generative AI", ["gemini api", "claude in vertex ai", "gemini enterprise"]],
  ["AI and Machine Learning", "AI Platforms", ["vertex ai", "ai platform", "cloud machine learning engine"]],
  [
    "AI and Machine Learning",
    "Natural Language Processing",
    ["cloud natural language api", "cloud speech api", "cloud text-to-speech api", "translate", "dialogflow"],
  ],
  ["AI and Machine Learning", "Computer Vision", ["cloud vision api", "cloud video intelligence api"]],
  [
    "AI and Machine Learning",
    "Other (AI and Machine Learning)",
    ["cloud document ai api", "recommendations ai"],
  ],
  ["Analytics", "Data Processing", ["cloud dataflow", "cloud dataproc", "cloud composer", "cloud dataprep"]],
  ["Analytics", "Analytics Platforms", ["dataplex", "cloud data fusion"]],
  ["Analytics", "Business Intelligence", ["looker", "looker studio"]],
  ["Compute", "Virtual Machines", ["compute engine", "tpu", "cloud tpu", "vmware engine"]],
  ["Compute", "Containers", ["kubernetes engine", "artifact registry", "container registry"]],
  [
    "Compute",
    "Serverless Compute",
    ["cloud run", "cloud run functions", "cloud functions", "app engine", "batch"],
  ],
  ["Databases", "Data Warehouses", ["bigquery", "bigquery reservation api", "bigquery storage api"]],
  ["Databases", "Relational Databases", ["cloud sql", "cloud spanner", "alloydb"]],
  ["Databases", "NoSQL Databases", ["cloud bigtable", "cloud firestore", "cloud datastore"]],
  ["Databases", "Caching", ["cloud memorystore for redis", "cloud memorystore", "memorystore for valkey"]],
  ["Integration", "Messaging", ["cloud pub/sub", "cloud tasks", "eventarc"]],
  ["Integration", "API Management", ["apigee", "cloud endpoints", "api gateway"]],
  ["Developer Tools", "Continuous Integration and Deployment", ["cloud build", "cloud deploy"]],
  [
    "Management and Governance",
    "Observability",
    ["cloud logging", "stackdriver logging", "cloud monitoring", "stackdriver monitoring", "cloud trace"],
  ],
  ["Management and Governance", "Support", ["support"]],
  ["Networking", "Network Infrastructure", ["networking", "network connectivity center"]],
  ["Networking", "Network Routing", ["cloud dns"]],
  ["Security", "Secret Management", ["cloud key management service (kms)", "secret manager"]],
  ["Security", "Other (Security)", ["security command center", "identity platform", "cloud armor"]],
  ["Storage", "Object Storage", ["cloud storage"]],
  ["Storage", "File Storage", ["cloud filestore", "netapp volumes"]],
  ["Storage", "Backup Storage", ["backup for gke", "backup and dr service"]],
];
