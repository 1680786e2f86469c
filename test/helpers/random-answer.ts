// Random answer files as text, for the laws of merging: few names and values, so that files meet in them; any formatting.
import fc from 'fast-check';

const WCM = 'xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"';
const item = 'wcm:action="add"';

const value = fc.constantFrom('1', '2', 'true', '');
const scalar = (name: string) => value.map((text) => (text === '' ? `<${name}/>` : `<${name}>${text}</${name}>`));

const some = (one: fc.Arbitrary<string>, maxLength: number) => fc.array(one, { maxLength });

/** Commands with numbers that may be gapped, equal or out of order; one command may stand twice. */
const commands = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('a', 'b', 'c', 'd'), scalar('Description')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => {
    const items = list.map(
      ([order, line, more]) =>
        `<SynchronousCommand ${item}><Order>${order}</Order><CommandLine>${line}</CommandLine>${more}</SynchronousCommand>`,
    );
    return `<FirstLogonCommands>${items.join('')}</FirstLogonCommands>`;
  });

const account = fc
  .tuple(fc.constantFrom('bob', 'Bob', 'eve'), value, fc.constantFrom('', '<PlainText>true</PlainText>'))
  .map(
    ([name, password, plain]) =>
      `<LocalAccount ${item}><Name>${name}</Name><Password><Value>${password}</Value>${plain}</Password></LocalAccount>`,
  );
const accounts = some(account, 3).map((list) => `<LocalAccounts>${list.join('')}</LocalAccounts>`);

const path = fc
  .tuple(fc.integer({ min: 1, max: 3 }), value)
  .map(([key, text]) => `<PathAndCredentials ${item} wcm:keyValue="${key}"><Path>${text}</Path></PathAndCredentials>`);
const paths = some(path, 3).map((list) => `<DriverPaths>${list.join('')}</DriverPaths>`);

const group = fc.tuple(scalar('X'), scalar('Y'), fc.subarray([0, 1])).map(([x, y, kept]) => {
  return `<Group>${kept.map((at) => [x, y][at]).join('')}</Group>`;
});

const settings = fc
  .tuple(scalar('A'), scalar('B'), group, commands, accounts, paths)
  .chain((all) => fc.shuffledSubarray(all, { minLength: 3 }))
  .map((kept) => kept.join(''));

const component = fc
  .tuple(fc.constantFrom('C', 'c', 'D'), fc.constantFrom('amd64', 'AMD64', 'x86'), settings)
  .map(([name, architecture, body]) => `<component name="${name}" processorArchitecture="${architecture}" ${WCM}>${body}</component>`);

/** A pass or component may stand twice. */
const pass = fc
  .tuple(fc.constantFrom('specialize', 'oobeSystem'), fc.array(component, { minLength: 1, maxLength: 2 }))
  .map(([name, list]) => `<settings pass="${name}">${list.join('')}</settings>`);

/** One line, or each element on its own line. */
const formatting = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.replaceAll('><', '>\n<'),
  (text) => text.replace(/></g, '>\r\n    <'),
);

export const randomAnswer: fc.Arbitrary<string> = fc
  .tuple(fc.array(pass, { minLength: 1, maxLength: 2 }), formatting)
  .map(([list, format]) => format(`<unattend xmlns="urn:schemas-microsoft-com:unattend">${list.join('')}</unattend>`));
