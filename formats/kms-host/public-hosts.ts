// Public activation hosts that belong to nobody one licenses from: an image that names one was activated with stolen licences.

/** Public hosts of pirates, full names only: `bbs.luobotou.org` is honest, `kms.luobotou.org` is not. They come and go; the allow-list is what decides. */
const HOSTS = new Set(
  `kms.03k.org kms-default.cangshui.net kms.cangshui.net kms.moeclub.org kms.cgtsoft.com kms.moeyuuko.com kms.loli.best kms.loli.beer
  kms.0t.net.cn win.kms.pub kms.ghxi.com kms789.com kms.digiboy.ir kms7.msguides.com kms8.msguides.com kms.chinancce.com kms.luobotou.org
  kms.lotro.cc kms.shuax.com kms.bige0.com kms.lolico.moe kms.ddddg.cn zh.us.to skms.netnr.eu.org kms.iaini.net kms.cnlic.com kms.ijio.net
  kms.mogeko.me windows.kms.app kms.kuretru.com kms.qkeke.com kms.mrxn.net kms.litbear.cn kms.jihuowin.com kms.akams.cn xykz.f3322.org
  key.17108.com kms.kmzs123.cn kms.zhuxiaole.org kms.catqu.com kms.ddz.red 222.184.9.98`.split(/\s+/),
);

/** `host` as `readKmsHost` gives it. */
export function isPublicActivationHost(host: string): boolean {
  return HOSTS.has(host);
}
