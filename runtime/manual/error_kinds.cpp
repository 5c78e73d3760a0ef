#include "manual/error_kinds.h"

namespace neap::manual {
namespace {

constexpr KindOf kKinds[] = {
    {ErrorKind::kUsage, "the command line, a header or a parameter is wrong",
     "read the message; --help shows the parameters"},
    {ErrorKind::kArgument,
     "an argument breaks a documented rule, found before sending or by the platform",
     "correct the field that is named"},
    {ErrorKind::kConfig, "a setting or a settings file is wrong or missing",
     "neap config --origin shows where it comes from"},
    {ErrorKind::kAuth,
     "credentials are missing, incomplete, refused or expired, or the clock is off",
     "neap doctor says which were found, and where"},
    {ErrorKind::kPermission, "not in `needs`, not granted, or refused by the platform's IAM",
     "add the line that the message names, or ask for the right that is missing"},
    {ErrorKind::kNotFound, "there is no such thing",
     "check the name or id, the region and the project"},
    {ErrorKind::kConflict,
     "the thing is in a state that does not allow it, or a name is not unique",
     "look at its status; give the id"},
    {ErrorKind::kPrecondition,
     "a check failed, or somebody said no, or nobody could be asked; nothing was sent",
     "do what the check asks for; -y answers questions beforehand"},
    {ErrorKind::kThrottled, "the platform asked to slow down for longer than we wait",
     "try later, with fewer calls at once"},
    {ErrorKind::kNetwork, "no answer could be had; nothing was changed",
     "check the endpoint, the proxy and the network"},
    {ErrorKind::kTimeout, "we stopped waiting; what is under way goes on in the cloud",
     "wait again: sdrs.job(id):wait()"},
    {ErrorKind::kJobFailed, "the platform says that the job failed",
     "read the thing again; its status may be error-…"},
    {ErrorKind::kInDoubt, "a changing call was sent, and what came of it only a person can tell",
     "look at the thing, then neap resolve RUN STEP --happened or --did-not"},
    {ErrorKind::kCancelled, "stopped on request", "the message names the jobs that go on"},
    {ErrorKind::kAbandoned, "a host operation was dropped before it finished: a bug in neap",
     "report it with the output of -v"},
    {ErrorKind::kClosed, "a thing of the script was closed and used again", "correct the script"},
    {ErrorKind::kInternal, "a bug in neap", "report it with the output of -v"},
    {ErrorKind::kScript, "an error of the script itself, or a limit of the sandbox",
     "correct the script"},
};

}  // namespace

std::span<const KindOf> error_kinds() {
  return kKinds;
}

const KindOf* find_error_kind(std::string_view name) {
  for (const KindOf& row : kKinds) {
    if (to_text(row.kind) == name) return &row;
  }
  return nullptr;
}

}  // namespace neap::manual
