import type { ServiceTable } from "#ingest/lookup-sql.ts";

/**
 * AWS product codes by FOCUS service category.
 * @see FOCUS 1.4 service subcategories (FinOps Foundation, CC BY 4.0); the assignment of products is ours
 */
export const awsServices: ServiceTable = [
  [
    "AI and Machine Learning",
    "Generative AI",
    ["AmazonBedrock", "AmazonBedrockService", "AmazonBedrockFoundationModels", "AmazonQ"],
  ],
  ["AI and Machine Learning", "Machine Learning", ["AmazonSageMaker", "AmazonPersonalize", "AmazonForecast"]],
  [
    "AI and Machine Learning",
    "Natural Language Processing",
    ["comprehend", "translate", "transcribe", "AmazonPolly", "AmazonLex", "AmazonTextract", "AmazonKendra"],
  ],
  ["AI and Machine Learning", "Other (AI and Machine Learning)", ["AmazonRekognition"]],
  ["Compute", "Virtual Machines", ["AmazonEC2", "AmazonLightsail", "AWSParallelComputingService"]],
  ["Compute", "Containers", ["AmazonEKS", "AmazonECS", "AmazonECR", "AmazonECRPublic"]],
  ["Compute", "Serverless Compute", ["AWSLambda", "AWSBatch"]],
  ["Storage", "Object Storage", ["AmazonS3", "AmazonGlacier", "AmazonS3GlacierDeepArchive"]],
  ["Storage", "File Storage", ["AmazonEFS", "AmazonFSx"]],
  ["Storage", "Backup Storage", ["AWSBackup"]],
  ["Databases", "Relational Databases", ["AmazonRDS"]],
  ["Databases", "NoSQL Databases", ["AmazonDynamoDB", "AmazonDocDB", "AmazonNeptune", "AmazonMCS"]],
  ["Databases", "Caching", ["AmazonElastiCache", "AmazonMemoryDB"]],
  ["Databases", "Data Warehouses", ["AmazonRedshift"]],
  ["Databases", "Time Series Databases", ["AmazonTimestream"]],
  ["Networking", "Network Infrastructure", ["AmazonVPC", "AWSELB", "AmazonRoute53", "AWSGlobalAccelerator"]],
  ["Networking", "Network Connectivity", ["AWSDataTransfer", "AWSDirectConnect", "AmazonVPN"]],
  ["Networking", "Content Delivery", ["AmazonCloudFront"]],
  ["Networking", "Network Security", ["awswaf", "AWSNetworkFirewall", "AWSShield"]],
  ["Integration", "Messaging", ["AWSQueueService", "AmazonSNS", "AmazonMQ", "AWSEvents"]],
  ["Integration", "API Management", ["AmazonApiGateway", "AWSAppSync"]],
  ["Integration", "Workflow Orchestration", ["AmazonStates", "AmazonMWAA"]],
  ["Analytics", "Data Processing", ["AWSGlue", "ElasticMapReduce", "AmazonAthena", "AWSLakeFormation"]],
  [
    "Analytics",
    "Streaming Analytics",
    ["AmazonKinesis", "AmazonKinesisFirehose", "AmazonKinesisAnalytics", "AmazonMSK"],
  ],
  ["Analytics", "Search", ["AmazonES"]],
  ["Analytics", "Business Intelligence", ["AmazonQuickSight"]],
  [
    "Management and Governance",
    "Observability",
    ["AmazonCloudWatch", "AWSXRay", "AmazonPrometheus", "AmazonGrafana"],
  ],
  ["Management and Governance", "Compliance", ["AWSCloudTrail", "AWSConfig"]],
  ["Management and Governance", "Cost Management", ["AWSCostExplorer", "AWSBudgets"]],
  [
    "Management and Governance",
    "Support",
    ["AWSSupportBusiness", "AWSSupportEnterprise", "AWSDeveloperSupport", "OCBPremiumSupport"],
  ],
  ["Security", "Secret Management", ["awskms", "AWSSecretsManager", "CloudHSM"]],
  ["Security", "Threat Detection and Response", ["AmazonGuardDuty", "AmazonInspectorV2", "AmazonMacie"]],
  ["Security", "Security Posture Management", ["AWSSecurityHub"]],
  ["Identity", "Identity and Access Management", ["AmazonCognito", "AWSDirectoryService"]],
  [
    "Developer Tools",
    "Continuous Integration and Deployment",
    ["CodeBuild", "AWSCodePipeline", "AWSCodeArtifact"],
  ],
  ["Migration", "Resource Migration", ["AWSMigrationHubRefactorSpaces", "AWSDatabaseMigrationSvc"]],
  ["Migration", "Data Migration", ["AWSDataSync", "AWSTransfer"]],
];
