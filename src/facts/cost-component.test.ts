import { expect, test } from "vitest";
import { costComponent } from "./cost-component.ts";

test.each([
  ["Compute", "Virtual Machines", "Amazon Elastic Compute Cloud", "compute"],
  ["Compute", "Containers", "Amazon Elastic Kubernetes Service", "orchestration"],
  ["Compute", "Containers", "Amazon Elastic Container Registry", "orchestration"],
  ["Compute", "Containers", "AWS Fargate", "compute"],
  ["AI and Machine Learning", "Generative AI", "Claude API", "models"],
  ["AI and Machine Learning", "AI Platforms", "Amazon SageMaker", "compute"],
  ["AI and Machine Learning", "AI Platforms", "Experiment Tracker", "observability"],
  ["Storage", "Object Storage", "Azure Storage", "storage"],
  ["Databases", "Vector Databases", "Qdrant", "databases"],
  ["Networking", "Network Connectivity", "Bandwidth", "network"],
  ["Management and Governance", "Observability", "Azure Monitor", "observability"],
  ["Management and Governance", "Support", "AWS Support (Business)", "other"],
  [null, null, null, "other"],
])("%s, %s, %s is %s", (category, subcategory, service, component) => {
  expect(costComponent({ category, subcategory, service })).toBe(component);
});
