// The value model of a Windows program file (PE): what its headers and directories say.

export type PeMachine = 'x86' | 'amd64' | 'arm64' | 'arm' | 'other';

export interface PeSection {
  readonly name: string; // up to 8 characters, as stored
  readonly rva: number;
  readonly virtualSize: number;
  readonly offset: number; // in the file, as the loader rounds it
  readonly size: number; // bytes in the file
  readonly flags: number; // IMAGE_SCN_*
}

/** A data directory: an RVA, but for certificates an offset in the file. */
export interface PeDirectory {
  readonly rva: number;
  readonly size: number;
}

export interface PeHeaders {
  readonly machine: PeMachine;
  readonly bits: 32 | 64;
  readonly dll: boolean;
  readonly driver: boolean; // subsystem NATIVE
  readonly timestamp: number; // as stored: seconds since 1970, or part of a digest in reproducible builds
  readonly imageBase: bigint;
  readonly headersSize: number; // bytes at the start of the file that are mapped as they are
  readonly optionalOffset: number; // of the optional header in the file
  readonly checksumOffset: number;
  /** Where the entry of the certificate directory stands; undefined when there are fewer directories. */
  readonly certificateEntryOffset: number | undefined;
  readonly sections: readonly PeSection[];
  readonly directories: readonly PeDirectory[]; // by IMAGE_DIRECTORY_ENTRY_*
}

export interface PeImport {
  readonly dll: string; // as written
  readonly delayed: boolean;
  readonly functions: readonly string[]; // names; `#12` for an ordinal
}

export interface PeExport {
  readonly name: string | undefined;
  readonly ordinal: number;
  /** `OTHER.Name` or `OTHER.#12` when the export only points to another library. */
  readonly forwarder: string | undefined;
}

export interface PeExports {
  readonly dll: string; // the name that the library gives itself
  readonly functions: readonly PeExport[];
}

export interface PeResource {
  readonly type: number | string;
  readonly name: number | string;
  readonly language: number;
  readonly offset: number; // in the file
  readonly size: number;
}

export interface PeVersion {
  readonly fileVersion: string | undefined; // `10.0.19041.1`, of the fixed part
  /** CompanyName, OriginalFilename, … of the first language that has it. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface PeClr {
  readonly runtime: string; // `v4.0.30319`
  readonly nativeToo: boolean; // not ILONLY
  readonly metadataOffset: number;
  readonly metadataSize: number;
}

/** A stretch of the file. */
export interface PeRange {
  readonly offset: number;
  readonly size: number;
}

export interface PeCertificate extends PeRange {
  readonly type: number; // WIN_CERT_TYPE_*: 2 is PKCS #7
}

export interface PeFacts extends PeHeaders {
  readonly imports: readonly PeImport[];
  readonly exports: PeExports | undefined;
  readonly resources: readonly PeResource[];
  readonly version: PeVersion | undefined;
  readonly clr: PeClr | undefined;
  /** Where the certificates lie; each one's PKCS #7 is the range without the entry's head. */
  readonly certificates: readonly PeCertificate[];
  /** What is behind the last section and is no certificate. */
  readonly overlay: PeRange | undefined;
  /** Directories that could not be read, each with the reason: Windows may load the file all the same. */
  readonly faults: readonly string[];
}
