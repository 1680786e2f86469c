// The public product keys as digests: a linter must know them to be quiet, and a list of keys in the clear would set off every other scanner.
import { createHash } from 'node:crypto';
import type { ProductKey } from './key.ts';

/**
 * gvlk: a KMS client setup key, published by Microsoft for everybody.
 * generic: a default key that installs but cannot activate.
 * default-series: not in the tables, but its serial says that it is one of the first of its group (see LAST_DEFAULT_SERIAL).
 */
export type KeyClass = 'gvlk' | 'generic' | 'default-series' | 'unknown';

export interface KnownKey {
  readonly class: KeyClass;
  readonly product: string;
  readonly edition: string;
}

/** Published keys with an N have serials 0 to 11 (all 109 of the tables, and both evaluation keys of a real hive); keys that were given to a person have large ones. Measured. */
export const LAST_DEFAULT_SERIAL = 99;

/** First 16 bytes of the SHA-256 of the key's text, and the edition. Facts from Microsoft's pages "KMS client activation and product keys" and "GVLKs for KMS activation of Office" (2024-10). */
const GVLK: Readonly<Record<string, string>> = {
  'Windows Server 2025 (LTSC)': `
4cb47ca891e918914f335610c624b176 Standard
c76daf64fc20cf98992f3a7e030f4456 Datacenter
830539b43f4a7aca1b4946eed160795d Datacenter: Azure Edition
`,
  'Windows Server 2022 (LTSC)': `
f19e1ec6776fcbb4266a32f06b1b7675 Standard
89a69b2af9f5f6765856510ab3e2b2df Datacenter
9f2a9ad8cbaf7431991117ca73c30891 Datacenter: Azure Edition
`,
  'Windows Server 2019 (LTSC)': `
126c53feabbdc18b0fdf29d93ea317dc Standard
9bb1fe697580e449228b3e5383d3e78b Datacenter
2e4a43c8f5e7b84e8b4905f7aa79ce08 Essentials
`,
  'Windows Server 2016 (LTSC)': `
a2463e653f3138ccbf9a5f83076bdeab Standard
df39b28f25186d6f14c585e69a25fb78 Datacenter
68d6073621059dcae0754808e87e57cd Essentials
`,
  'Windows Server SAC 20H2/2004/1909/1903/1809': `
d5b55ef804079f2f852b07a29de82dd6 Standard
a93b85d1deb9530d8f03baeee7dc3a76 Datacenter
`,
  'Windows Server SAC 1803': `
a7a53965ad9250fe78a870250353fc26 Standard
1779ab31f948288cdecc9027723f373d Datacenter
`,
  'Windows Server SAC 1709': `
f46822fc814870d299be0d96c7a3d763 Standard
a4c90276594bca58d92d45ef3267407e Datacenter
`,
  'Windows 11 and Windows 10': `
f6cadfd4e4c25ff3b8cffe54a2af24a7 Pro
d9089930f8da503ea56be582de465726 Pro N
a0158f8c5a31261328a4c6aa117bb5a7 Pro for Workstations
65a2921b87b6ca48b015407809f4aabb Pro for Workstations N
a87f4148dbc24dd8e7c03f2be6b1b806 Pro Education
c9964f5196711169b14892602bdb5250 Pro Education N
cd564bae18179e559107bce85c161905 Education
5f44e19717e181e15deb7ce67268678d Education N
aa6ab25a2bb1c69f3cc2802003310af8 Enterprise
dbc3112ae38b94e52964745f7b09df0f Enterprise N
23e77ebda21d992cefe276ab141d4aae Enterprise G
1c83dc4e6d503cc32b1e435911580035 Enterprise G N
`,
  'Windows 11 LTSC 2024 / Windows 10 LTSC 2021 and 2019': `
a35720e3555f25da224fe50e7b4faa53 Enterprise LTSC
f262245b265015bfc5700742fb2e5b26 Enterprise N LTSC
`,
  'Windows IoT LTSC 2024 / 2021': `
c822f1a06ae200f0c6c67768954c2a23 IoT Enterprise LTSC
`,
  'Windows 10 LTSB 2016': `
b68407286fc77f53bbf1380adbdc7df7 Enterprise LTSB
fb0fb85201286a471c3c7b82454938b0 Enterprise N LTSB
`,
  'Windows 10 LTSB 2015': `
959980c2180dbf294ff21c5dcf6a6de0 Enterprise LTSB
3cea2dcf8a016f1cc5473738781b3645 Enterprise N LTSB
`,
  'Windows Server 2012 R2': `
ae9cd649eb9e5981aeeeb1b0b5442369 Standard
41dfc2653ebd4bbc3371733133a0662a Datacenter
713860206a9e00fbcd066b14c16c9213 Essentials
`,
  'Windows Server 2012': `
2af2795668b7fe83a988564f7197a109 Standard
24e95720e5ac3705d218ba504960ea1f MultiPoint Standard
4ef176b12f5eb5608652b21309f7478f MultiPoint Premium
f76386a2cc0e27db0756f2002b089b5e Datacenter
005c0017f874cc3851999198dac85510 Essentials
`,
  'Windows Server 2008 R2': `
194f29392f6073408c0c5187aec5108c Web
5afe32873d9743b2d82bc8e088f191d0 HPC
b1c870cfc366faa7a08dcc524b180cbc Standard
3c16c9caf1f87653701c7a51aa3fee48 Enterprise
c5eb6df0cedd20702f4ce7de24edf290 Datacenter
7b32f9edc6d61e3bed9986e1bc803e9e Itanium
`,
  'Windows Server 2008': `
90ae4cdcafc2ed795dad563b9a29c15b Web
1301ea552b2cd9839fb50f820bec397d Standard
49069516012ef7d2eccb9ea787a9cec6 Standard without Hyper-V
7b8c2c8589b07fb2d27d49b2633984f4 Enterprise
4005693e450c43208634ce2c50db5de6 Enterprise without Hyper-V
d333252bf60ffb0699af33c695b3d725 HPC
55d8be62ec47c39014800309ede58354 Datacenter
1cd5b2c0b3f46443ea9e0aa51cb25c40 Datacenter without Hyper-V
6867bc28d16527a16b7bf0f54677019d Itanium
`,
  'Windows 8.1': `
2aeb8064ea0c4f7e63ab6909dfe1c856 Pro
790f1500afa4af3ad070b849f91a8920 Pro N
747c40fab848347b1ea502131762ed99 Enterprise
e75e9b6ee49964887609984bccb98113 Enterprise N
`,
  'Windows 8': `
cd8bc924d22aaa00afa30550bd26deec Pro
45886d5b691d909e7cb81b007d4a9884 Pro N
5e5f20b13413caa971484573be47d3a2 Enterprise
ef6a50c99116e693bee0c300ecac2520 Enterprise N
`,
  'Windows 7': `
a51bc5dee3f7307923d189c543b8b92d Professional
28a3d7e613c3963f6d798b3d01c09ca8 Professional N
0d8b73cdae55eec1fec5d222e068da88 Professional E
072faa54811c6ec4591190f2998c3d9a Enterprise
4d8749d895e77a7a60588726106ba352 Enterprise N
3a21cef1345f05acc1e87256e9751570 Enterprise E
`,
  'Windows Vista': `
2fb475b4b21c8f5b73b3bece450302aa Business
1790f90d92f4870b7dbc56bf2eda1119 Business N
5df328a56684bb2753cd0968e01769bd Enterprise
71aa74104e44cdf67f45fe27968a0bf5 Enterprise N
`,
  'Office LTSC 2021': `
5476ad651548941c6f7c0780a59672de Professional Plus
87393dae5104b8632f4093dbe8077091 Standard
a992b9423a72f5b639690cde4e85b215 Project Professional
bda8f9611e716d40b05609357e3eb176 Project Standard
cbb8f9ef3d9c0d4c9d96377ee6c9d8ff Visio Professional
0e6d9a20a068ece913eff4547aac3318 Visio Standard
d00aee5664d815ec65cc85ac9ad89bca Access
b200a4b8283546944107592f57ec6d69 Excel
4ca6d232d45f902490c533ecfccd20ba Outlook
8441839a28cc7820730c6f63af320601 PowerPoint
f823524494172c954efc42ee17747b4c Publisher
cba4588ef4a0124f64e91e69534a11d4 Skype for Business
5dc1a1039cd7492fc26d39693906ec4b Word
`,
  'Office 2019': `
2017d1e4d4daaead4843427fe1ccd9ca Professional Plus
dbe918973a778577f9d409286bc8824e Standard
e2caae24a33da266b04471e6c2f85d86 Project Professional
824f936177578d657d2460c277cc4ec0 Project Standard
a1d3aa7243458f979bf665e7767e25d2 Visio Professional
a55f45cfd632a53427dd6fb548d7bec3 Visio Standard
55c07417a8dc2f7a690f110a0c7125ba Access
dda472f586039ce0594fa68fa43744cb Excel
78b1373b472776e4b4c3a9ef9845ebe4 Outlook
3342f743cc2170deff9bc5660a13f8ad PowerPoint
cbf4934e6fc7840610f982d09edbad95 Publisher
a6510b91497a3e1b7365136f9d96c870 Skype for Business
efb0cff64db40d0a257766e5612dae9c Word
`,
  'Office 2016': `
73d61e6f5f0d48ade929fc4a858c973f Professional Plus
be80a9bcdccb979cde049c98ac7f35e2 Standard
8c4c197aa0d89fdf1bf9f42d8de68d04 Project Professional
aa55906ebfb7e8ac11960ebaa24d1d71 Project Standard
e4b141d171ea095e0f60887f7b6d9736 Visio Professional
898059c8f4c41911b464fda921b84705 Visio Standard
0e90b73154b1cd3383a60559eb7a39ee Access
a58121bf9477ba5e68f91925548f3adc Excel
a765bfac7b81144cc7564a7874cddbde OneNote
e2e57108106a06deafd9090556bfe172 Outlook
0f6549832b58ab1e3210c4f9b26df5e0 PowerPoint
59f19a4491bcc4fec6b6d03ea8a9b54a Publisher
d15897927939c3d4a590150806fbb9be Skype for Business
7e584ab57badec0fb6ccf5d2c6ddb8f7 Word
`,
};

/** Default keys of installation media: the tables of pbatard/rufus, cschneegans/unattend-generator and fox-it/dissect.target agree on them. */
const GENERIC: Readonly<Record<string, string>> = {
  'Windows 11 and Windows 10': `
4c10246e114654c51f05ef92f4c4090e Pro (default install key)
1de7d2fe4ccb7129667ce62c3bff4e9f Home
3bebf995d5d34d66c3116622348842ca Home N
bb55fe6da2ecb89d08431dd30fa35f88 Home Single Language
5f9e268c5e45531813e2e1a5abfb99a7 Home China
9dcac21d03e2cd8ac7048a0ba9dc5bf7 Pro N
add5b8e30efe42368c4e765a88ff5731 Pro for Workstations
6c4fe083366674b08ec0d1c4d9230c63 Pro N for Workstations
d86b53145197b6793e2e5040e768cf69 Pro Education
1f417ad76764c7b78e790b618be6e511 Pro Education N
0131351746fc3dbea43ca6fe5dbcdcb7 Education
f77255147bf36e1ebc7e121e50e254c8 Education N
8bac99764f5bc2e5def8e2a6aacb1344 Enterprise
3541818cebeefca89287d03d5e68e20f Enterprise N
a8eec257d42e8f3af47131abd7ef988c Enterprise N
`,
  'Windows Server 2019': `
ebc428d1a98bc90a2263ab08f8f92e7d evaluation, unregistered
`,
  'Windows 10 (OEM sample)': `
507e66ffd722924fb1071ca070006379 sample answer file of Microsoft
`,
  'Windows 7': `
dc288491fadc4a85e71085890e3d6a77 Ultimate
`,
  'Windows Vista': `
47669c5f4b2360d4b9b01aeb79e1e0fa default of public Packer templates
`,
  'Windows Server 2016 and 2019': `
2c20c145bc253e4b715f0e857e130fb6 evaluation, in public Packer templates
`,
  'Windows 10 (OEM sample with OA 3.0)': `
ea2b0d73611d0ba8d69967f9f48f965a sample answer file of Microsoft
`,
  Office: `
eab6a406236d4af9c2d1f4ffc430822c generic key in public documentation
be6a6074e48ff3ba84547a59a72cbdb5 generic key in public documentation
`,
};

const known = new Map<string, KnownKey>([...rowsOf('gvlk', GVLK), ...rowsOf('generic', GENERIC)]);

/** What the tables say about a key's text (five groups with dashes, upper case), or undefined. */
export function knownKey(text: string): KnownKey | undefined {
  return known.get(createHash('sha256').update(text).digest('hex').slice(0, 32));
}

/** The class of a key: by the tables, else by its serial. */
export function classOf(key: ProductKey): KeyClass {
  const found = knownKey(key.text);
  if (found) return found.class;
  const ofDefaultSeries = key.valid === true && key.fields !== undefined && key.fields.serial <= LAST_DEFAULT_SERIAL;
  return ofDefaultSeries ? 'default-series' : 'unknown';
}

function rowsOf(keyClass: KeyClass, table: Readonly<Record<string, string>>): [string, KnownKey][] {
  return Object.entries(table).flatMap(([product, rows]) =>
    rows
      .trim()
      .split('\n')
      .map((row): [string, KnownKey] => [row.slice(0, 32), { class: keyClass, product, edition: row.slice(33) }]),
  );
}
