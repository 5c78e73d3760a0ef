// What people said to a run and it to them: questions, decisions, notes; and what it waited for.
#pragma once

#include <span>
#include <vector>

#include "journal/entry.h"
#include "report/report.h"
#include "report/steps.h"

namespace neap::report {

std::vector<Question> read_questions(std::span<const journal::Logged> log,
                                     const std::vector<Context>& contexts);
std::vector<Decision> read_decisions(std::span<const journal::Logged> log);
std::vector<Note> read_notes(std::span<const journal::Logged> log,
                             const std::vector<Context>& contexts);
std::vector<Wait> read_waits(std::span<const journal::Logged> log,
                             const std::vector<Context>& contexts);
std::vector<Life> read_lives(const journal::Run& run, std::span<const journal::Logged> log);

}  // namespace neap::report
