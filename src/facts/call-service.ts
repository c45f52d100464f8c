/** The region in the address of a cloud's model service, such as bedrock-runtime.us-east-1.amazonaws.com; null where it names none. */
export function regionOfAddress(address: string): string | null {
  const match =
    /^(?:https?:\/\/)?(?:bedrock[a-z-]*\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.|([a-z]+-[a-z]+\d+)-aiplatform\.googleapis\.)/i.exec(
      address,
    );
  return match?.[1]?.toLowerCase() ?? match?.[2]?.toLowerCase() ?? null;
}

/** A service tier by the names of `Call.tier`; null where the text leaves the choice to the provider. */
export function serviceTier(text: string): string | null {
  const tier = text.trim().toLowerCase();
  if (tier === "" || tier === "auto") return null;
  return tier === "default" || tier === "standard" || tier === "standard_only" ? "standard" : tier;
}
