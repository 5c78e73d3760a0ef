// Cuts the power after every change of a disk, and asks what each disk that could be left is worth.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "support/power_cut_vfs.h"

namespace neap::test {

inline void put_image(const DiskImage& image, const std::string& directory) {
  std::filesystem::create_directories(directory);
  for (const auto& [name, bytes] : image) {
    std::ofstream(directory + "/" + name, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
}

struct Cuts {
  int points = 0;
  int images = 0;
  int broken = 0;
  std::string first;  // what was wrong with the first that was
};

// `acknowledged`: how many changes had been done when each thing was acknowledged, the opening of
// the journal first. `wrong_with`: what is wrong with an image at the time when the thing of that
// place in `acknowledged` was the last; empty: nothing is.
inline Cuts replay_with_cuts(
    const std::vector<DiskChange>& changes, const std::vector<std::size_t>& acknowledged,
    int images_per_point, std::uint64_t seed,
    const std::function<std::string(const DiskImage&, std::size_t)>& wrong_with) {
  Random random(seed);
  Cuts cuts;
  CutDisk cut;
  std::size_t last = 0;
  for (std::size_t done = 0; done < changes.size(); ++done) {
    if (done == acknowledged.front()) cut.sync_directory();  // opening ended with it
    cut.apply(changes[done]);
    while (last + 1 < acknowledged.size() && acknowledged[last + 1] <= done + 1) ++last;
    ++cuts.points;
    for (int i = 0; i < images_per_point; ++i) {
      ++cuts.images;
      const std::string wrong = wrong_with(cut.after_cut(random), last);
      if (wrong.empty()) continue;
      if (cuts.broken++ == 0) cuts.first = fmt::format("after change {}: {}", done + 1, wrong);
    }
  }
  return cuts;
}

}  // namespace neap::test
