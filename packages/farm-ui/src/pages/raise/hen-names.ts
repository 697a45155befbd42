/** Every one a legal hen's name: 1–32 of a-z, 0-9 and -, the first a letter. */
export const HEN_NAMES: readonly string[] = [
  "ada-lovelay",
  "alan-turhen",
  "albert-eggstein",
  "amelia-egghart",
  "attila-the-hen",
  "beaktrix",
  "benedict-eggs",
  "chick-jagger",
  "cluck-norris",
  "cluckleberry-finn",
  "coco-chanhel",
  "dolly-parhen",
  "edgar-allan-coop",
  "egg-sheeran",
  "eggatha-crispy",
  "eggbert",
  "eleanor-roostervelt",
  "feather-locklear",
  "florence-nightinhen",
  "frida-eggwalo",
  "gandalf-the-grain",
  "goldie-hen",
  "hen-kenobi",
  "hen-solo",
  "hennifer-lawrence",
  "henrietta",
  "hens-zimmer",
  "jane-nest-austen",
  "layla",
  "leonardo-da-pecki",
  "marie-curhen",
  "mary-peckford",
  "meryl-cheep",
  "miss-peckle",
  "omelette-du-fromage",
  "peckaboo",
  "peckspeare",
  "princess-lay-a",
  "scrambled-meg",
  "sherlock-hens",
  "simone-de-beakvoir",
  "sir-cluckalot",
  "tyrannosaurus-pecks",
  "vincent-van-coq",
  "virginia-wool-hen",
  "wing-solo",
  "yolko-ono",
  "yolkie",
];

/** A name that no hen has; when all are taken, one with a number behind it. */
export function pickName(taken: ReadonlySet<string>, random: () => number = Math.random): string {
  const free = HEN_NAMES.filter((name) => !taken.has(name));
  const any = free[Math.floor(random() * free.length)];
  if (any !== undefined) return any;
  for (let number = 2; ; number += 1) {
    const name = `henrietta-${number}`;
    if (!taken.has(name)) return name;
  }
}
