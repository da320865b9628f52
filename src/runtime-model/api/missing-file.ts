/** Does the image hold busybox's tools, whose words differ from GNU's? */
export const hasBusybox = (image = ''): boolean => /(^|\/)(busybox|alpine|curl|wget)(:|@|$)|alpine/.test(image)

const none = 'No such file or directory'
/** What a program of the image says of a file that is not there. Source: busybox coreutils/{cat,ls,stat}.c, libbb; GNU coreutils src/{cat,ls,stat}.c */
export function missingFile(program: 'cat' | 'ls' | 'stat', path: string, image: string | undefined): string {
  if (program === 'cat') return hasBusybox(image) ? `cat: can't open '${path}': ${none}` : `cat: ${path}: ${none}`
  if (program === 'ls') return hasBusybox(image) ? `ls: ${path}: ${none}` : `ls: cannot access '${path}': ${none}`
  return hasBusybox(image) ? `stat: can't stat '${path}': ${none}` : `stat: cannot statx '${path}': ${none}`
}
