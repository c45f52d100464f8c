/** Outcomes of two teams; of one ticket nobody says how it went. */
export const tickets = `id,time,kind,count,success,team,workload
t1,2026-07-01T09:00:00Z,resolved-ticket,,yes,assistant,chat
t2,2026-07-01T10:00:00Z,resolved-ticket,,yes,assistant,chat
t3,2026-07-02T10:00:00Z,resolved-ticket,,no,assistant,chat
t4,2026-07-02T11:00:00Z,resolved-ticket,,,search,find
u1,2026-07-01,active-user,1200.5,,assistant,chat
`;
