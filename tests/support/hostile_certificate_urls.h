// Addresses that look like those of SMN's certificates, to somebody or to some parser, and are not.
#pragma once

#include <string>
#include <vector>

namespace neap::test {

struct HostileUrl {
  std::string trick;
  std::string url;
};

inline std::vector<HostileUrl> hostile_certificate_urls() {
  const std::string host = "smn.cn-north-4.myhuaweicloud.com";
  const std::string id = "0123456789abcdef0123456789abcdef";
  const std::string file = "SMN_cn-north-4_" + id + ".pem";
  const std::string path = "/smn/" + file;
  const std::string nul(1, '\0');
  return {
      // Another scheme.
      {"http", "http://" + host + path},
      {"http on port 443", "http://" + host + ":443" + path},
      {"ftp", "ftp://" + host + path},
      {"file", "file:///smn/" + file},
      {"file with the host", "file://" + host + path},
      {"gopher", "gopher://" + host + path},
      {"data", "data:application/x-pem-file,https://" + host + path},
      {"javascript", "javascript:https://" + host + path},
      {"scheme in upper case", "HTTPS://" + host + path},
      {"no scheme", "//" + host + path},
      {"host alone", host + path},
      {"one slash", "https:/" + host + path},
      {"three slashes", "https:///" + host + path},
      {"blank before it", " https://" + host + path},
      {"tab in the scheme", "ht\ttps://" + host + path},
      // Somebody else before the host.
      {"user", "https://user@" + host + path},
      {"user and password", "https://user:secret@" + host + path},
      {"host as user", "https://" + host + "@evil.example" + path},
      {"host as user, escaped at", "https://" + host + "%40evil.example" + path},
      {"host as password", "https://x:" + host + "@evil.example" + path},
      {"two ats", "https://a@" + host + "@evil.example" + path},
      {"empty user", "https://@" + host + path},
      {"backslash before at", "https://evil.example\\@" + host + path},
      {"backslash for slash", "https://evil.example\\" + host + path},
      {"backslashes", "https:\\\\" + host + "\\smn\\" + file},
      {"question mark ends the host", "https://evil.example?@" + host + path},
      {"number sign ends the host", "https://evil.example#@" + host + path},
      {"escaped slash in the host", "https://evil.example%2f" + host + path},
      // Another host.
      {"unrelated host", "https://evil.example" + path},
      {"host as prefix", "https://" + host + ".evil.example" + path},
      {"host as suffix", "https://evil" + host + path},
      {"label before it", "https://evil." + host + path},
      {"bucket of OBS", "https://smn.obs.cn-north-4.myhuaweicloud.com" + path},
      {"bucket named like the host", "https://smn.cn-north-4.obs.myhuaweicloud.com" + path},
      {"bucket in the region", "https://bucket.obs.cn-north-4.myhuaweicloud.com" + path},
      {"without region", "https://smn.myhuaweicloud.com" + path},
      {"another service", "https://sdrs.cn-north-4.myhuaweicloud.com" + path},
      {"another cloud", "https://smn.cn-north-4.myhuaweicloud.cn" + path},
      {"look-alike domain", "https://smn.cn-north-4.myhuaweic1oud.com" + path},
      {"Cyrillic o", "https://smn.cn-n\xD0\xBErth-4.myhuaweicloud.com" + path},
      {"punycode", "https://smn.xn--cn-nrth-4-fdh.myhuaweicloud.com" + path},
      {"full-width dot",
       "https://smn\xEF\xBC\x8E"
       "cn-north-4.myhuaweicloud.com" +
           path},
      {"ideographic stop",
       "https://smn.cn-north-4.myhuaweicloud.com\xE3\x80\x82"
       "evil" +
           path},
      {"trailing dot", "https://" + host + "." + path},
      {"two dots", "https://smn..cn-north-4.myhuaweicloud.com" + path},
      {"host in upper case", "https://SMN.CN-NORTH-4.MYHUAWEICLOUD.COM" + path},
      {"one letter in upper case", "https://Smn.cn-north-4.myhuaweicloud.com" + path},
      {"escaped letter in the host", "https://%73mn.cn-north-4.myhuaweicloud.com" + path},
      {"escaped dot in the host", "https://smn%2ecn-north-4.myhuaweicloud.com" + path},
      {"NUL in the host", "https://" + host + nul + ".evil.example" + path},
      {"escaped NUL in the host", "https://" + host + "%00.evil.example" + path},
      {"zero-width space", "https://smn\xE2\x80\x8B.cn-north-4.myhuaweicloud.com" + path},
      {"soft hyphen", "https://smn\xC2\xAD.cn-north-4.myhuaweicloud.com" + path},
      {"IPv4", "https://192.0.2.1" + path},
      {"loopback", "https://127.0.0.1" + path},
      {"localhost", "https://localhost" + path},
      {"address as a number", "https://2130706433" + path},
      {"metadata service", "https://169.254.169.254" + path},
      {"IPv6", "https://[2001:db8::1]" + path},
      {"IPv4 in IPv6", "https://[::ffff:169.254.169.254]" + path},
      {"console", "https://console.huaweicloud.com" + path},
      // Ports.
      {"the usual port, spelt out", "https://" + host + ":443" + path},
      {"another port", "https://" + host + ":8443" + path},
      {"empty port", "https://" + host + ":" + path},
      {"port zero", "https://" + host + ":0" + path},
      {"port with an at", "https://" + host + ":443@evil.example" + path},
      // Another region than the topic's.
      {"another region",
       "https://smn.cn-north-1.myhuaweicloud.com/smn/SMN_cn-north-1_" + id + ".pem"},
      {"another region's host", "https://smn.cn-north-1.myhuaweicloud.com" + path},
      {"another region's file", "https://" + host + "/smn/SMN_cn-north-1_" + id + ".pem"},
      // Another path.
      {"no path", "https://" + host},
      {"root", "https://" + host + "/"},
      {"other directory", "https://" + host + "/obs/" + file},
      {"no directory", "https://" + host + "/" + file},
      {"deeper", "https://" + host + "/smn/smn/" + file},
      {"two slashes in the path", "https://" + host + "/smn//" + file},
      {"dot segment", "https://" + host + "/smn/./" + file},
      {"dot dot", "https://" + host + "/smn/../smn/" + file},
      {"dot dot, escaped", "https://" + host + "/smn/%2e%2e/smn/" + file},
      {"escaped slash", "https://" + host + "/smn%2f" + file},
      {"escaped letter in the path", "https://" + host + "/%73mn/" + file},
      {"escaped twice", "https://" + host + "/%2573mn/" + file},
      {"semicolon parameter", "https://" + host + "/smn;a=b/" + file},
      {"directory in upper case", "https://" + host + "/SMN/" + file},
      {"hyphens in the name", "https://" + host + "/smn/SMN-cn-north-4-" + id + ".pem"},
      {"id in upper case",
       "https://" + host + "/smn/SMN_cn-north-4_0123456789ABCDEF0123456789ABCDEF.pem"},
      {"id too short", "https://" + host + "/smn/SMN_cn-north-4_" + id.substr(1) + ".pem"},
      {"id too long", "https://" + host + "/smn/SMN_cn-north-4_" + id + "0.pem"},
      {"id of other letters",
       "https://" + host + "/smn/SMN_cn-north-4_" + std::string(32, 'g') + ".pem"},
      {"a way up in the id",
       "https://" + host + "/smn/SMN_cn-north-4_" + id.substr(0, 28) + "/../.pem"},
      {"another ending", "https://" + host + "/smn/SMN_cn-north-4_" + id + ".crt"},
      {"no ending", "https://" + host + "/smn/SMN_cn-north-4_" + id},
      {"something behind it", "https://" + host + path + "/evil.pem"},
      {"blank behind it", "https://" + host + path + " "},
      {"line break behind it", "https://" + host + path + "\n"},
      {"another header behind it", "https://" + host + path + "\r\nHost: evil.example"},
      {"NUL behind it", "https://" + host + path + nul},
      {"escaped NUL behind it", "https://" + host + path + "%00"},
      {"query", "https://" + host + path + "?x=y"},
      {"empty query", "https://" + host + path + "?"},
      {"redirect by query", "https://" + host + path + "?url=https://evil.example"},
      {"fragment", "https://" + host + path + "#x"},
      {"empty fragment", "https://" + host + path + "#"},
      {"query before the name", "https://" + host + "/smn/?" + file},
      {"fragment before the name", "https://" + host + "/smn/#" + file},
      // The address inside another.
      {"as query of another", "https://evil.example/?https://" + host + path},
      {"as path of another", "https://evil.example/https://" + host + path},
      {"as fragment of another", "https://evil.example/#https://" + host + path},
      {"twice", "https://" + host + path + "https://" + host + path},
      {"empty", ""},
      {"a megabyte", "https://" + host + path + std::string(900'000, 'x')},
  };
}

}  // namespace neap::test
