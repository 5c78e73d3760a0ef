// A report as one page: the templates of runtime/report/page, filled in.
#include <string>

#include "base/digest.h"
#include "base/embedded.h"
#include "report/page_view.h"
#include "report/report.h"
#include "report/template.h"
#include "sign/base64.h"

namespace neap {
extern const std::span<const EmbeddedFile> page_files;
}

namespace neap::report {
namespace {

// What a Content-Security-Policy calls a text: 'sha256-…'.
std::string source_of(std::string_view file) {
  for (const EmbeddedFile& row : page_files) {
    if (row.name != file) continue;
    const Sha256::Bytes digest = Sha256().digest(row.text.view());
    const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
    return "'sha256-" + sign::encode_base64(bytes) + "'";
  }
  return {};
}

// Nothing is fetched, nothing is sent, and no script or style but the page's own counts.
std::string policy() {
  return "default-src 'none'; style-src " + source_of("page.css") + "; script-src " +
         source_of("page.js") + "; base-uri 'none'; form-action 'none'";
}

}  // namespace

std::string to_html(const Report& report) {
  json::Object values = head_view(report);
  for (const json::Object& view : {timeline_view(report), tables_view(report)}) {
    for (const auto& [name, value] : view) values.set(name, value);
  }
  values.set("policy", policy());
  return fill_in(page_files, "page.html", values);
}

}  // namespace neap::report
