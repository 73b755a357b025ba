// Words of the field that the list of words does not have. Colleagues say them
// every day; nobody is told that they are wrong.

export const fieldWords: ReadonlySet<string> = new Set(`
  casustafel gezagsbeëindigend gezagsbeëindigende hulpverleningsmoe hyperalert hyperalerte intersekse kamertraining oppasoma ouderverstoting
  oudervervreemding plegerhulp plegerschap procesregisseur traumasensitief traumasensitieve vaktherapeut vaktherapie waakvlamcontact zorgmijdend zorgmijdende
`.trim().split(/\s+/));
