#include "crash/wire.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

namespace neap::test {
namespace {

void add_length(std::string& frame, std::size_t length) {
  const auto number = static_cast<std::uint32_t>(length);
  frame.append(reinterpret_cast<const char*>(&number), sizeof number);
}

bool read_all(int descriptor, char* to, std::size_t count) {
  while (count > 0) {
    const ssize_t got = read(descriptor, to, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

std::optional<std::uint32_t> read_length(int descriptor) {
  std::uint32_t number = 0;
  if (!read_all(descriptor, reinterpret_cast<char*>(&number), sizeof number)) return std::nullopt;
  return number;
}

}  // namespace

bool send_message(int descriptor, const Message& message) {
  std::string frame;
  add_length(frame, message.size());
  for (const std::string& part : message) {
    add_length(frame, part.size());
    frame += part;
  }
  for (std::size_t from = 0; from < frame.size();) {
    const ssize_t put = send(descriptor, frame.data() + from, frame.size() - from, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    from += static_cast<std::size_t>(put);
  }
  return true;
}

std::optional<Message> receive_message(int descriptor) {
  const auto parts = read_length(descriptor);
  if (!parts) return std::nullopt;
  Message message(*parts);
  for (std::string& part : message) {
    const auto length = read_length(descriptor);
    if (!length) return std::nullopt;
    part.resize(*length);
    if (!read_all(descriptor, part.data(), part.size())) return std::nullopt;
  }
  return message;
}

}  // namespace neap::test
