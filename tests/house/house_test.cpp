#include <gtest/gtest.h>

#include <algorithm>

#include "tests/house/rules.h"

namespace argscope::house {
namespace {

const std::vector<Source>& tree() {
  static const auto sources = read_tree(ARGSCOPE_SOURCE_DIR);
  return sources;
}

std::string listed(const Findings& findings) {
  std::string list;
  for (const auto& finding : findings) list += "\n  " + finding;
  return list;
}

void expect_kept(Rule rule) {
  Findings all;
  for (const auto& source : tree()) {
    const auto findings = rule(source);
    all.insert(all.end(), findings.begin(), findings.end());
  }
  EXPECT_TRUE(all.empty()) << listed(all);
}

TEST(House, IsFoundWhereItStands) {
  const auto is = [](const char* path) { return [path](const Source& source) { return source.path == path; }; };
  for (const char* path : {"core/types.h", "tests/house/house_test.cpp", "CMakeLists.txt", "dev"}) {
    EXPECT_EQ(std::count_if(tree().begin(), tree().end(), is(path)), 1) << path;
  }
}

TEST(House, IncludesOnlyWhatStandsBelow) { expect_kept(layers); }
TEST(House, IncludesInNoCircle) { EXPECT_TRUE(no_cycles(tree()).empty()) << listed(no_cycles(tree())); }
TEST(House, IncludesItsOwnHeaderFirst) { expect_kept(own_header_first); }
TEST(House, OpensEveryHeaderWithPragmaOnce) { expect_kept(pragma_once); }
TEST(House, HasNoUmbrellaHeaders) { expect_kept(no_umbrella); }
TEST(House, KeepsFilesShort) { expect_kept(short_file); }
TEST(House, KeepsFunctionsShort) { expect_kept(short_functions); }
TEST(House, DefinesNoMacros) { expect_kept(no_macros); }
TEST(House, KeepsCoreQuiet) { expect_kept(quiet_core); }
TEST(House, NamesThingsAsItSaid) { expect_kept(names); }
TEST(House, LeavesNothingUnfinished) { expect_kept(finished); }
TEST(House, NamesNoMachinesPaths) { expect_kept(no_machine_paths); }
TEST(House, IsSwept) { expect_kept(no_tabs); }
TEST(House, TestsItsCode) {
  constexpr double wanted = 0.6;
  EXPECT_TRUE(enough_tests(tree(), wanted).empty()) << listed(enough_tests(tree(), wanted));
}

}  // namespace
}  // namespace argscope::house
