/**
 * The company's own `plimsoll.yaml`: its tag schema and the rules by which it attributes what carries no tag. Written by hand, as its
 * FinOps team would have: by what bills show, not by what the generator knows.
 */
export const rulesFile = `# Who owns what at Halyard. plimsoll attribution preview shows what these rules change; publish puts them in force.
attribution:
  production: [production, shared]
  keys:
    team:
      values: [assistant, search, vision, research, data, platform]
      aliases:
        assitant: assistant
        saerch: search
        vsiion: vision
        rseearch: research
        dtaa: data
        paltform: platform
    environment:
      values: [production, shared, staging, research]
      aliases: { prod: production, rnd: research }
  rules:
    # The two providers of language models bill no tags; OpenAI names its projects.
    - id: openai-agents
      when: ["ServiceName=OpenAI API", "SubAccountName=assistant-agents|assistant-classify"]
      set: { team: assistant, environment: production, costCenter: cc-1100 }
    - id: openai-evaluation
      when: ["ServiceName=OpenAI API", "SubAccountName=eval-nightly"]
      set: { team: platform, environment: staging, costCenter: cc-1900 }
    - id: anthropic-agents
      when: ["ServiceName=Claude API"]
      set: { team: assistant, workload: assistant-agents, environment: production, costCenter: cc-1100 }
    # The network serves everyone, whatever account it stands in.
    - id: network
      when: ["ResourceName=~^(nat|lb)-"]
      set: { team: platform, environment: shared, costCenter: cc-1900 }
    - id: control-planes
      when: ["ResourceId~:cluster/"]
      set: { team: platform, environment: shared, costCenter: cc-1900 }
    # Machines whose names say what they are for.
    - id: chat-machines
      when: ["ResourceName=~^chat-h100-[0-9]+", "SubAccountName=halyard-prod"]
      set: { team: assistant, workload: assistant-chat, environment: production, costCenter: cc-1100 }
    - id: search-machines
      when: ["ResourceName=~^search-"]
      set: { team: search, environment: production, costCenter: cc-1200 }
    - id: notebooks
      when: ["ResourceName=~^nb-"]
      set: { team: research, workload: notebooks, environment: research, workloadType: notebook, costCenter: cc-2100 }
    - id: sweeps
      when: ["ResourceName=~^sweep-"]
      set: { team: research, workload: sweeps, environment: research, workloadType: training, costCenter: cc-2100 }
    - id: staging
      when: ["ResourceName=~^staging-"]
      set: { team: platform, environment: staging, costCenter: cc-1900 }
    # Accounts that belong to one team, or to nobody else.
    - id: vision-accounts
      when: ["SubAccountName=halyard-vision|halyard-vision-prod"]
      set: { team: vision, environment: production, costCenter: cc-1300 }
    - id: data-account
      when: ["SubAccountName=halyard-data"]
      set: { team: data, environment: production, costCenter: cc-1400 }
    - id: shared-account
      when: ["SubAccountName=halyard-shared"]
      set: { team: platform, costCenter: cc-1900 }
    # Nobody said so, but the account's name does.
    - id: shared-environment
      strength: guess
      when: ["SubAccountName=halyard-shared"]
      set: { environment: shared }
    - id: rnd-account
      strength: guess
      when: ["SubAccountName~rnd"]
      set: { team: research, environment: research }
# What serves everyone is paid by everyone, by what each spends.
splits:
  - id: platform
    from: platform
# What one of something costs. plimsoll unit-cost 2026-07-14 tells it.
unitCosts:
  - id: task
    cost: { from: calls, where: ["workload=assistant-agents"] }
    per: { outcome: completed-task, where: ["workload=assistant-agents"] }
  - id: ticket
    cost: { where: ["Workload=assistant-chat"] }
    per: { outcome: resolved-ticket, where: ["workload=assistant-chat"] }
`;
