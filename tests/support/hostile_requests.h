// Requests that a careful server refuses, each with the status it gets (reliability.md T8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace neap::test {

struct HostileRequest {
  std::string name;
  std::string bytes;
  int status;
};

inline std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

inline std::vector<HostileRequest> hostile_requests() {
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string post = "POST /hook HTTP/1.1\r\nHost: a\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string nul(1, '\0');
  const auto target = [](const std::string& text) {
    return "GET " + text + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  return {
      // Two ways to say how long the body is.
      {"CL then TE", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"TE then CL", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
       400},
      {"CL and identity TE", post + "Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nhello",
       400},
      {"two different CL", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400},
      {"two equal CL", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"CL list of equals", post + "Content-Length: 5, 5\r\n\r\nhello", 400},
      {"CL list of others", post + "Content-Length: 5, 6\r\n\r\nhello", 400},
      {"CL with plus", post + "Content-Length: +5\r\n\r\nhello", 400},
      {"CL negative", post + "Content-Length: -1\r\n\r\n", 400},
      {"CL hexadecimal", post + "Content-Length: 0x5\r\n\r\nhello", 400},
      {"CL with fraction", post + "Content-Length: 5.0\r\n\r\nhello", 400},
      {"CL with inner space", post + "Content-Length: 1 2\r\n\r\nhello", 400},
      {"CL with trailing comma", post + "Content-Length: 5,\r\n\r\nhello", 400},
      {"CL empty", post + "Content-Length:\r\n\r\n", 400},
      {"CL quoted", post + "Content-Length: \"5\"\r\n\r\nhello", 400},
      {"CL of eleven digits", post + "Content-Length: 00000000005\r\n\r\nhello", 400},
      {"CL past 64 bits", post + "Content-Length: 18446744073709551621\r\n\r\nhello", 400},
      {"CL past 32 bits", post + "Content-Length: 4294967301\r\n\r\nhello", 413},
      {"CL past the limit", post + "Content-Length: 1048577\r\n\r\n", 413},
      // Transfer-Encoding other than exactly chunked.
      {"TE unknown", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"TE gzip", post + "Transfer-Encoding: gzip\r\n\r\n", 501},
      {"TE identity", post + "Transfer-Encoding: identity\r\n\r\n", 501},
      {"TE gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"TE chunked not final", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 501},
      {"TE chunked twice in a list", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
       501},
      {"TE chunked twice",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"TE in two headers", post + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"TE with parameter", post + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 501},
      {"TE quoted", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 501},
      {"TE empty", post + "Transfer-Encoding:\r\n\r\n", 501},
      {"TE with vertical tab",
       post + "Transfer-Encoding: \x0B"
              "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"TE in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      // Chunks.
      {"chunk size not hexadecimal", chunked + "g\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk size with prefix", chunked + "0x5\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk size negative", chunked + "-5\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk size with leading space", chunked + " 5\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk size past 64 bits", chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk past the limit", chunked + "100001\r\n", 413},
      {"chunk with extension", chunked + "5;a=b\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk with empty extension", chunked + "5;\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk extension with bare LF", chunked + "5;\nxx\r\nhello\r\n0\r\n\r\n", 400},
      {"last chunk with extension", chunked + "0;a=b\r\n\r\n", 400},
      {"chunk longer than its size", chunked + "3\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk ended by bare LF", chunked + "5\r\nhello\n0\r\n\r\n", 400},
      {"chunk size line ended by bare CR", chunked + "5\rhello\r\n0\r\n\r\n", 400},
      {"chunk size line too long", chunked + repeated("0", 20000), 431},
      {"trailer that sets the length", chunked + "0\r\nContent-Length: 5\r\n\r\n", 400},
      {"trailer with a control byte", chunked + "0\r\nX: a\x01\r\n\r\n", 400},
      {"too many trailers", chunked + "0\r\n" + repeated("X: y\r\n", 65) + "\r\n", 431},
      {"trailers too large", chunked + "0\r\nX: " + repeated("y", 20000), 431},
      // Lines.
      {"bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF after a header", get + "X: y\n\r\n", 400},
      {"bare CR in a value", get + "X: a\rb\r\n\r\n", 400},
      {"bare CR before the blank line", get + "X: a\r\r\n\r\n", 400},
      {"folded header", get + "X: a\r\n b\r\n\r\n", 400},
      {"folded header with tab", get + "X: a\r\n\tb\r\n\r\n", 400},
      {"folded empty header", get + "X:\r\n b\r\n\r\n", 400},
      {"folded TE", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
      {"first header folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"space before colon", get + "X : y\r\n\r\n", 400},
      {"tab before colon", get + "X\t: y\r\n\r\n", 400},
      {"space in CL name", post + "Content-Length : 5\r\n\r\nhello", 400},
      {"no colon", get + "X\r\n\r\n", 400},
      {"empty header name", get + ": y\r\n\r\n", 400},
      {"header name with slash", get + "X/Y: z\r\n\r\n", 400},
      {"header name with high byte", get + "X\xC3\xA9: z\r\n\r\n", 400},
      {"NUL in a value", get + "X: a" + nul + "b\r\n\r\n", 400},
      {"NUL in a name", get + "X" + nul + ": b\r\n\r\n", 400},
      {"control byte in a value", get + "X: a\x1B[2J\r\n\r\n", 400},
      {"DEL in a value", get + "X: a\x7F\r\n\r\n", 400},
      {"malformed Connection", get + "Connection: a b\r\n\r\n", 400},
      // Host.
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get + "Host: b\r\n\r\n", 400},
      {"two equal Hosts", get + "Host: a\r\n\r\n", 400},
      {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"Host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host with user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      // Request line.
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400},
      {"HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 400},
      {"version of two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
      {"version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"no version", "GET / \r\nHost: a\r\n\r\n", 400},
      {"text after the version", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", 400},
      {"empty first line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"method with colon", "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"method with high byte", "G\xC3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no method", "/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"tab as separator", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11), 400},
      // Target.
      {"target with space", target("/a b"), 400},
      {"target with control byte", target("/a\x01"), 400},
      {"target with DEL", target("/a\x7F"), 400},
      {"target with NUL", target("/a" + nul), 400},
      {"target with high byte", target("/caf\xC3\xA9"), 400},
      {"target with fragment", target("/a#b"), 400},
      {"target without slash", target("a"), 400},
      {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"CONNECT", "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n", 400},
      {"absolute target of another host", target("http://b/"), 400},
      {"absolute target with user", target("http://a@b/"), 400},
      {"absolute target of another scheme", target("ftp://a/"), 400},
      {"target too long", target("/" + repeated("a", 8192)), 414},
      {"request line without end", "GET /" + repeated("a", 20000), 414},
      // Size.
      {"header too large", get + "X: " + repeated("y", 17000) + "\r\n\r\n", 431},
      {"header without end",
       get + repeated("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
                      64),
       431},
      {"too many headers", get + repeated("X: y\r\n", 64) + "\r\n", 431},
      {"unknown expectation", post + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello", 417},
      {"two expectations",
       post + "Expect: 100-continue\r\nExpect: 100-continue\r\n"
              "Content-Length: 5\r\n\r\nhello",
       417},
  };
}

}  // namespace neap::test
