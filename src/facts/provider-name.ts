/** gen_ai.provider.name by the spellings of older conventions, of gateways and of libraries, in lower case. */
const spellings: Readonly<Record<string, string>> = {
  "aws.bedrock":
    "aws.bedrock bedrock aws_bedrock amazon_bedrock bedrock_converse aws amazon sagemaker_bedrock",
  "azure.ai.openai": "azure.ai.openai az.ai.openai azure azure_openai azure_text azureopenai",
  "azure.ai.inference": "azure.ai.inference az.ai.inference azure_ai azure_ai_studio",
  "gcp.vertex_ai":
    "gcp.vertex_ai vertex_ai vertexai google_vertexai vertex_ai_beta vertex_ai-language-models vertex_ai-anthropic_models",
  "gcp.gemini": "gcp.gemini gemini google_ai_studio",
  "gcp.gen_ai": "gcp.gen_ai google google_genai googleai google_generativeai",
  "ibm.watsonx.ai": "ibm.watsonx.ai watsonx watson watsonx_ai",
  mistral_ai: "mistral_ai mistral mistralai",
  x_ai: "x_ai xai",
  openai: "openai text-completion-openai openai_like custom_openai",
  anthropic: "anthropic anthropic_text",
  cohere: "cohere cohere_chat",
  moonshot_ai: "moonshot_ai moonshot",
  vllm: "vllm hosted_vllm",
  ollama: "ollama ollama_chat",
};

const names = new Map(
  Object.entries(spellings).flatMap(([name, all]) =>
    all.split(" ").map((each): [string, string] => [each, name]),
  ),
);

/** A provider by the name that OpenTelemetry gives it; one that it has none for keeps its own, in lower case. */
export function providerName(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const spelling = text.trim().toLowerCase();
  return names.get(spelling.replaceAll(" ", "_")) ?? spelling;
}
