// A shell link with a relative path and arguments, as [MS-SHLLINK] lays it out.
export function shellLink(relativePath: string, args: string): Buffer {
  const head = Buffer.alloc(0x4c);
  head.writeUInt32LE(0x4c, 0);
  Buffer.from('0114020000000000c000000000000046', 'hex').copy(head, 4);
  head.writeUInt32LE(0x08 | 0x20 | 0x80, 20); // relative path, arguments, UTF-16
  head.writeUInt32LE(0x20, 24);
  head.writeUInt32LE(1, 60);
  const counted = (text: string) => {
    const size = Buffer.alloc(2);
    size.writeUInt16LE(text.length);
    return Buffer.concat([size, Buffer.from(text, 'utf16le')]);
  };
  return Buffer.concat([head, counted(relativePath), counted(args), Buffer.alloc(4)]);
}
