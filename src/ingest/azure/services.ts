import type { ServiceTable } from "#ingest/lookup-sql.ts";

/**
 * Azure meter categories, in lower case, by FOCUS service category.
 * @see microsoft/finops-toolkit src/open-data Services (MIT) for the services; the names of meter categories are Azure's own
 */
export const azureServices: ServiceTable = [
  [
    "AI and Machine Learning",
    "Generative AI",
    ["azure openai", "azure openai service", "foundry models", "azure ai foundry models"],
  ],
  ["AI and Machine Learning", "AI Platforms", ["cognitive services", "azure ai services", "foundry tools"]],
  [
    "AI and Machine Learning",
    "Machine Learning",
    ["azure machine learning", "machine learning studio", "machine learning service"],
  ],
  ["AI and Machine Learning", "Bots", ["azure bot service", "bot service"]],
  ["Analytics", "Search", ["azure cognitive search", "azure ai search", "search"]],
  ["Analytics", "Data Processing", ["azure databricks", "hdinsight", "data lake analytics"]],
  [
    "Analytics",
    "Analytics Platforms",
    ["azure synapse analytics", "microsoft fabric", "azure data explorer"],
  ],
  ["Analytics", "Streaming Analytics", ["stream analytics"]],
  ["Analytics", "Business Intelligence", ["power bi embedded", "power bi"]],
  [
    "Compute",
    "Virtual Machines",
    [
      "virtual machines",
      "virtual machines licenses",
      "cloud services",
      "azure vmware solution",
      "specialized compute",
    ],
  ],
  [
    "Compute",
    "Containers",
    ["azure kubernetes service", "container instances", "container registry", "azure container apps"],
  ],
  ["Compute", "Serverless Compute", ["functions", "azure functions", "batch"]],
  [
    "Databases",
    "Relational Databases",
    [
      "sql database",
      "sql managed instance",
      "azure database for postgresql",
      "azure database for mysql",
      "azure database for mariadb",
    ],
  ],
  ["Databases", "NoSQL Databases", ["azure cosmos db"]],
  ["Databases", "Caching", ["redis cache", "azure managed redis"]],
  [
    "Identity",
    "Identity and Access Management",
    [
      "microsoft entra id",
      "azure active directory",
      "azure active directory domain services",
      "azure active directory b2c",
    ],
  ],
  ["Integration", "API Management", ["api management"]],
  ["Integration", "Messaging", ["event hubs", "event grid", "service bus", "notification hubs"]],
  ["Integration", "Workflow Orchestration", ["azure data factory", "azure data factory v2", "logic apps"]],
  ["Internet of Things", "IoT Platforms", ["iot hub", "iot central"]],
  [
    "Management and Governance",
    "Observability",
    [
      "azure monitor",
      "log analytics",
      "application insights",
      "azure grafana service",
      "insight and analytics",
    ],
  ],
  ["Management and Governance", "Other (Management and Governance)", ["automation", "azure policy"]],
  ["Management and Governance", "Disaster Recovery", ["azure site recovery"]],
  [
    "Networking",
    "Network Infrastructure",
    ["virtual network", "nat gateway", "ip addresses", "azure dns", "virtual network manager"],
  ],
  ["Networking", "Network Connectivity", ["bandwidth", "vpn gateway", "expressroute", "virtual wan"]],
  ["Networking", "Application Networking", ["load balancer", "application gateway", "traffic manager"]],
  ["Networking", "Content Delivery", ["content delivery network", "azure front door service"]],
  ["Networking", "Network Security", ["azure firewall", "azure ddos protection", "azure bastion"]],
  ["Security", "Secret Management", ["key vault"]],
  ["Security", "Threat Detection and Response", ["sentinel", "microsoft sentinel"]],
  [
    "Security",
    "Security Posture Management",
    ["microsoft defender for cloud", "advanced threat protection", "security center"],
  ],
  ["Storage", "Storage Platforms", ["storage", "storage accounts"]],
  ["Storage", "File Storage", ["azure netapp files", "azure files"]],
  ["Storage", "Backup Storage", ["backup"]],
  ["Web", "Application Platforms", ["azure app service", "azure spring cloud", "azure static web apps"]],
];

/** Service families, which Azure gives every meter, for meter categories that the table above lacks. */
export const azureFamilies: ServiceTable = [
  ["AI and Machine Learning", "Other (AI and Machine Learning)", ["ai + machine learning"]],
  ["Analytics", "Other (Analytics)", ["analytics"]],
  ["Compute", "Other (Compute)", ["compute", "containers"]],
  ["Databases", "Other (Databases)", ["databases"]],
  ["Developer Tools", "Other (Developer Tools)", ["developer tools"]],
  ["Identity", "Other (Identity)", ["identity"]],
  ["Integration", "Other (Integration)", ["integration"]],
  ["Internet of Things", "Other (Internet of Things)", ["internet of things"]],
  ["Management and Governance", "Other (Management and Governance)", ["management and governance"]],
  ["Networking", "Other (Networking)", ["networking"]],
  ["Security", "Other (Security)", ["security"]],
  ["Storage", "Other (Storage)", ["storage"]],
  ["Web", "Other (Web)", ["web"]],
];
