// Whether an address is on this machine, by its name alone. A tunnel or a published port of a container looks local too.

const LOOPBACK =
  /^(?:localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|(?:[\w-]+\.)+localhost|(?:::ffff:)?127(?:\.\d{1,3}){3}|0\.0\.0\.0|::1|0*(?::0*){6}:0*1)\.?$/i

/** `host` is a name, an address, the folder of a socket, or empty. */
export const isThisMachine = (host: string): boolean => host === '' || /^[/@]/.test(host) || LOOPBACK.test(host)

/** `place` is `host:port/database`, or starts with the path of a socket. */
export function isPlaceHere(place: string): boolean {
  const [, host = place] = /^\[?(.*?)\]?:\d+\//.exec(place) ?? []
  return isThisMachine(place.startsWith('/') ? '/' : host)
}
