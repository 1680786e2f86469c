// The KMS client setup key (GVLK) that belongs to an edition and build of Windows.

export interface Gvlk {
  readonly edition: string; // EditionID
  readonly firstBuild: number;
  readonly lastBuild: number;
  readonly key: string;
}

/**
 * EditionID, builds, key. The keys are public: Microsoft's page "KMS client activation and product keys" (2024-10). They activate nothing
 * without a KMS host. Editions of clients only: a server is no workspace.
 */
const TABLE = `
Professional 10240- W269N-WFGWX-YVC9B-4J6C9-T83GX
ProfessionalN 10240- MH37W-N47XK-V7XM9-C7227-GCQG9
ProfessionalWorkstation 10240- NRG8B-VKK3Q-CXVCJ-9G2XF-6Q84J
ProfessionalWorkstationN 10240- 9FNHH-K3HBT-3W4TD-6383H-6XYWF
ProfessionalEducation 10240- 6TP4R-GNPTD-KYYHQ-7B7DP-J447Y
ProfessionalEducationN 10240- YVWGF-BXNMC-HTQYQ-CPQ99-66QFC
Education 10240- NW6C2-QMPVW-D7KKK-3GKT6-VCFB2
EducationN 10240- 2WH4N-8QGBV-H22JP-CT43Q-MDWWJ
Enterprise 10240- NPPR9-FWDCX-D2C8J-H872K-2YT43
EnterpriseN 10240- DPH2V-TTNVB-4X9Q3-TJR4H-KHJW4
EnterpriseG 10240- YYVX9-NTFWV-6MDM3-9PT4T-4M68B
EnterpriseGN 10240- 44RPN-FTY23-9VTTB-MP9BX-T84FV
EnterpriseS 10240-10586 WNMTR-4C88C-JK8YV-HQ7T2-76DF9
EnterpriseSN 10240-10586 2F77B-TNFGY-69QQF-B8YKP-D69TJ
EnterpriseS 14393-14393 DCPHK-NFMTC-H88MJ-PFHPY-QJ4BJ
EnterpriseSN 14393-14393 QFFDN-GRT3P-VKWWX-X7T3R-8B639
EnterpriseS 17763- M7XTQ-FN8P6-TTKYV-9D4CC-J462D
EnterpriseSN 17763- 92NFX-8DJQP-P6BBQ-THF9C-7CG2H
IoTEnterpriseS 19044- KBN8V-HFGQ4-MGXVD-347P6-PDQGT
Professional 9600-9600 GCRJD-8NW9H-F2CDX-CCM8D-9D6T9
ProfessionalN 9600-9600 HMCNV-VVBFX-7HMBH-CTY9B-B4FXY
Enterprise 9600-9600 MHF9N-XY6XB-WVXMC-BTDCT-MKKG7
EnterpriseN 9600-9600 TT4HM-HN7YT-62K67-RGRQJ-JFFXW
Professional 9200-9200 NG4HW-VH26C-733KW-K6F98-J8CK4
ProfessionalN 9200-9200 XCVCF-2NXM9-723PB-MHCB7-2RYQQ
Enterprise 9200-9200 32JNW-9KQ84-P47T8-D8GGY-CWCK7
EnterpriseN 9200-9200 JMNMF-RHW7P-DMY6X-RF3DR-X2BQT
Professional 7600-7601 FJ82H-XT6CR-J8D7P-XQJJ2-GPDD4
ProfessionalN 7600-7601 MRPKT-YTG23-K7D7T-X2JMM-QY7MG
Enterprise 7600-7601 33PXH-7Y6KF-2VJC9-XBBR8-HVTHH
EnterpriseN 7600-7601 YDRBP-3D83W-TY26F-D46B2-XCKRJ
`;

export const GVLKS: readonly Gvlk[] = TABLE.trim()
  .split('\n')
  .map((row) => {
    const [edition = '', builds = '', key = ''] = row.split(' ');
    const [first, last] = builds.split('-');
    return { edition, firstBuild: Number(first), lastBuild: last === '' ? Number.POSITIVE_INFINITY : Number(last), key };
  });

/** undefined: the edition has none (Home), or the build is not known. */
export function gvlkFor(edition: string, build: number): Gvlk | undefined {
  const wanted = edition.toLowerCase();
  return GVLKS.find((row) => row.edition.toLowerCase() === wanted && build >= row.firstBuild && build <= row.lastBuild);
}
