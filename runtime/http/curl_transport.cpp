#include "http/curl_transport.h"

#include <cstdint>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "http/curl_library.h"
#include "http/curl_multi.h"
#include "http/curl_transfer.h"
#include "http/url.h"

namespace neap::http {
namespace {

constexpr std::size_t kSpareTransfers = 64;

// The metadata service of the machine itself: link-local, and plain http is all it speaks (auth.md
// section 5).
constexpr std::string_view kMetadataHost = "169.254.169.254";

// Parsed, and safe to be sent at all: credentials never cross a network in the clear.
Result<Url> accept_url(const Request& request) {
  auto url = parse_url(request.url);
  if (url && url->scheme == "http" && !is_loopback(url->host) && url->host != kMetadataHost) {
    return fail(ErrorKind::kConfig,
                fmt::format("{}: plain http is accepted for loopback addresses only, because "
                            "anybody on the way could read and change the request",
                            origin(*url)),
                "use https");
  }
  return url;
}

}  // namespace

class CurlTransport::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Loop& loop, CurlSettings settings) : loop_(loop), settings_(std::move(settings)) {}
  ~Core();

  Owner send(Request request, Options options, Function<void(Outcome)> done);

 private:
  struct Running {
    std::unique_ptr<CurlTransfer> transfer;
    Function<void(Outcome)> done;
    Loop::Timer deadline;
  };

  // Cancels the transfer of that number when destroyed, if both are still there.
  class Ticket {
   public:
    Ticket(std::weak_ptr<Core> core, std::uint64_t number)
        : core_(std::move(core)), number_(number) {}
    Ticket(Ticket&&) noexcept = default;
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (const auto core = core_.lock()) core->cancel(number_);
    }

   private:
    std::weak_ptr<Core> core_;
    std::uint64_t number_;
  };

  Result<void> load();
  Result<std::uint64_t> start(Request request, const Options& options);
  std::unique_ptr<CurlTransfer> take_transfer();
  Running release(std::unordered_map<std::uint64_t, Running>::iterator found);
  void keep(std::unique_ptr<CurlTransfer> transfer);
  void cancel(std::uint64_t number);
  void expire(std::uint64_t number);
  void finish(CURL* easy, CURLcode result);

  Loop& loop_;
  const CurlSettings settings_;
  std::unique_ptr<CurlLibrary> curl_;  // from the first send() on
  std::shared_ptr<CurlMulti> multi_;
  std::unordered_map<std::uint64_t, Running> running_;
  std::unordered_map<CURL*, std::uint64_t> numbers_;
  std::vector<std::unique_ptr<CurlTransfer>> spare_;
  std::uint64_t last_number_ = 0;
};

CurlTransport::Core::~Core() {
  if (!multi_) return;
  while (!running_.empty()) release(running_.begin());
  spare_.clear();
  multi_->close();
}

Result<void> CurlTransport::Core::load() {
  if (multi_) return {};
  auto library = CurlLibrary::load();
  if (!library) return tl::unexpected(library.error());
  curl_ = std::move(*library);
  multi_ = std::make_shared<CurlMulti>(
      *curl_, loop_, [this](CURL* easy, CURLcode result) { finish(easy, result); });
  return {};
}

std::unique_ptr<CurlTransfer> CurlTransport::Core::take_transfer() {
  if (!spare_.empty()) {
    auto transfer = std::move(spare_.back());
    spare_.pop_back();
    return transfer;
  }
  return std::make_unique<CurlTransfer>(*curl_, *multi_, settings_);
}

Result<std::uint64_t> CurlTransport::Core::start(Request request, const Options& options) {
  const auto url = accept_url(request);
  if (!url) return tl::unexpected(url.error());
  if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
  auto transfer = take_transfer();
  auto prepared = transfer->prepare(std::move(request), *url, options);
  if (!prepared) return tl::unexpected(prepared.error());
  CURL* const easy = transfer->easy();
  if (!multi_->add(easy)) {
    return fail(ErrorKind::kInternal, "libcurl did not take the request to " + authority(*url));
  }
  const std::uint64_t number = ++last_number_;
  Running& running = running_[number];
  running.transfer = std::move(transfer);
  running.deadline = loop_.after(options.timeout, [this, number] { expire(number); });
  numbers_[easy] = number;
  return number;
}

Owner CurlTransport::Core::send(Request request, Options options, Function<void(Outcome)> done) {
  const auto number = start(std::move(request), options);
  if (number) {
    running_.at(*number).done = std::move(done);
    return Owner{Ticket{weak_from_this(), *number}};
  }
  Outcome refused{Delivery::kNotSent, {}, number.error()};
  return Owner{loop_.after(Duration::zero(),
                           [refused = std::move(refused), done = std::move(done)]() mutable {
                             done(std::move(refused));
                           })};
}

CurlTransport::Core::Running CurlTransport::Core::release(
    std::unordered_map<std::uint64_t, Running>::iterator found) {
  Running running = std::move(found->second);
  running_.erase(found);
  numbers_.erase(running.transfer->easy());
  multi_->remove(running.transfer->easy());
  return running;
}

void CurlTransport::Core::keep(std::unique_ptr<CurlTransfer> transfer) {
  if (transfer->reusable() && spare_.size() < kSpareTransfers)
    spare_.push_back(std::move(transfer));
}

void CurlTransport::Core::cancel(std::uint64_t number) {
  const auto found = running_.find(number);
  if (found != running_.end()) release(found);
}

void CurlTransport::Core::expire(std::uint64_t number) {
  const auto found = running_.find(number);
  Outcome outcome = found->second.transfer->expire();
  Function<void(Outcome)> done = release(found).done;
  done(std::move(outcome));
}

// Calls back last: that may drop this very transport.
void CurlTransport::Core::finish(CURL* easy, CURLcode result) {
  Running running = release(running_.find(numbers_.at(easy)));
  Outcome outcome = running.transfer->conclude(result);
  keep(std::move(running.transfer));
  running.done(std::move(outcome));
}

CurlTransport::CurlTransport(Loop& loop, CurlSettings settings)
    : core_(std::make_shared<Core>(loop, std::move(settings))) {}

CurlTransport::~CurlTransport() = default;

Owner CurlTransport::send(Request request, Options options, Function<void(Outcome)> done) {
  return core_->send(std::move(request), options, std::move(done));
}

}  // namespace neap::http
