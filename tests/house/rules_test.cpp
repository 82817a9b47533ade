#include "tests/house/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/house/functions.h"

namespace argscope::house {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string including(const std::string& target) { return "#include " + target + "\n"; }

Findings layers_of(const std::string& path, const std::string& target) { return layers({path, including(target)}); }

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "  line;\n";
  return text;
}

/// Joins what must not stand in this file as one word.
std::string joined(const std::string& a, const std::string& b) { return a + b; }

TEST(CodeOf, BlanksCommentsAndLiteralsAndKeepsPlaces) {
  EXPECT_EQ(code_of("a // b\nc"), "a     \nc");
  EXPECT_EQ(code_of("a /* b\nc */ d"), "a     \n     d");
  EXPECT_EQ(code_of(R"(f("}\"{", '"', '\'') + 1)"), R"(f("    ", ' ', '  ') + 1)");
  EXPECT_EQ(code_of("x = R\"y({\")y\"; z"), "x = R\"      \"; z");
  EXPECT_EQ(code_of("1'000'000 { \"// no\" }"), "1'000'000 { \"     \" }");
}

TEST(CodeOf, EndsWithTheText) {
  for (const char* text : {"\"open", "'", "/* open", "R\"(open", "R\"", "\"\\", "// end"}) {
    EXPECT_EQ(code_of(text).size(), std::string_view(text).size()) << text;
  }
}

TEST(FunctionsOf, FindsFunctionsMethodsConstructorsAndTests) {
  const auto found = functions_of(
      "namespace a {\n"
      "class B : public C {\n"
      " public:\n"
      "  B(int x) : x_{x}, y_(x) {\n"
      "    if (x) {\n"
      "    }\n"
      "  }\n"
      "  int f() const { return 1; }\n"
      "  int x_ = 0;\n"
      "};\n"
      "template <class T>\n"
      "auto g(T t,\n"
      "       int u) -> int {\n"
      "  for (int i = 0; i < u; ++i) t();\n"
      "}\n"
      "TEST(A, B) {\n"
      "}\n"
      "}\n");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].line, 3);  // with its "public:"
  EXPECT_EQ(found[0].lines, 5);
  EXPECT_EQ(found[1].lines, 1);
  EXPECT_THAT(found[2].head, StartsWith("template <class T> auto g(T t"));
  EXPECT_EQ(found[2].line, 11);
  EXPECT_EQ(found[2].lines, 5);
  EXPECT_THAT(found[3].head, StartsWith("TEST(A, B)"));
}

TEST(FunctionsOf, CountsLambdasIntoTheFunctionAroundThem) {
  const auto found = functions_of("void f() {\n  auto g = [](int x) {\n    return x;\n  };\n}\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].lines, 5);
}

TEST(FunctionsOf, TakesATableForNoFunction) {
  EXPECT_THAT(functions_of("constexpr int table[] = {\n  1,\n};\nstruct S {\n  int x{0};\n};\nenum class E { A };\n"),
              IsEmpty());
}

TEST(Layers, LetARoomUseTheRoomsBeforeIt) {
  EXPECT_THAT(layers_of("core/io/scene.h", "\"core/optimality/statement.h\""), IsEmpty());
  EXPECT_THAT(layers_of("core/io/scene.h", "\"core/types.h\""), IsEmpty());
  EXPECT_THAT(layers_of("core/live/session.h", "\"core/sensitivity/sensitivity.h\""), IsEmpty());
  EXPECT_THAT(layers_of("app/main.cpp", "\"views/stage.h\""), IsEmpty());
  EXPECT_THAT(layers_of("core/io/scene.h", "<vector>"), IsEmpty());
}

TEST(Layers, KeepARoomFromThoseAboveIt) {
  EXPECT_THAT(layers_of("core/expr/graph.h", "\"core/linear/operator.h\""),
              ElementsAre("core/expr/graph.h:1: includes core/linear/operator.h: core/expr/graph.h stands below "
                          "core/linear/operator.h"));
  for (const auto& [path, target] :
       std::vector<std::pair<std::string, std::string>>{{"core/types.h", "core/expr/array.h"},
                                                        {"core/linear/operator.h", "core/sets/sets.h"},
                                                        {"core/sets/sets.h", "core/optimality/model.h"},
                                                        {"core/optimality/model.h", "core/io/scene.h"},
                                                        {"core/io/scene.h", "core/solve/solver.h"},
                                                        {"core/solve/solver.h", "core/sensitivity/sensitivity.h"},
                                                        {"core/sensitivity/a.h", "core/live/session.h"},
                                                        {"core/live/session.h", "views/stage.h"},
                                                        {"views/stage.h", "app/window.h"},
                                                        {"core/live/session.h", "app/window.h"},
                                                        {"core/types.h", "tests/house/rules.h"},
                                                        {"tests/core/io/csv_test.cpp", "core/solve/solver.h"},
                                                        {"tests/views/a_test.cpp", "app/window.h"}}) {
    EXPECT_EQ(layers_of(path, "\"" + target + "\"").size(), 1u) << path << " includes " << target;
  }
}

TEST(Layers, WantNamesFromTheRoot) {
  EXPECT_THAT(layers_of("core/io/csv.cpp", "\"csv.h\""), ElementsAre(HasSubstr("name it from the root of the tree")));
}

TEST(Layers, KeepLibrariesAtHome) {
  EXPECT_THAT(layers_of("core/parallel.h", "<tbb/parallel_for.h>"), IsEmpty());
  EXPECT_THAT(layers_of("core/live/session.cpp", "<tbb/task_arena.h>"), ElementsAre(HasSubstr("opens oneTBB")));
  EXPECT_THAT(layers_of("app/window.h", "<QMainWindow>"), IsEmpty());
  EXPECT_THAT(layers_of("tests/gui/drag_test.cpp", "<QTest>"), IsEmpty());
  EXPECT_THAT(layers_of("views/stage.cpp", "<QImage>"), ElementsAre(HasSubstr("Qt lives in app")));
  EXPECT_THAT(layers_of("tests/views/stage_test.cpp", "<QImage>"), ElementsAre(HasSubstr("Qt lives in app")));
  EXPECT_THAT(layers_of("core/io/png.cpp", "<QtGui/QImage>"), ElementsAre(HasSubstr("Qt lives in app")));
  EXPECT_THAT(layers_of("tests/views/stage_test.cpp", "<vtkActor.h>"), IsEmpty());
  EXPECT_THAT(layers_of("core/live/session.cpp", "<vtkActor.h>"), ElementsAre(HasSubstr("live in views")));
  EXPECT_THAT(layers_of("core/live/session.cpp", "<imgui.h>"), ElementsAre(HasSubstr("live in views")));
}

TEST(Layers, NameTheLine) {
  EXPECT_THAT(layers({"core/types.h", "#pragma once\n\n# include  <QImage>\n"}),
              ElementsAre(StartsWith("core/types.h:3: ")));
}

TEST(Cycles, AreFoundAndSpelledOut) {
  const std::vector<Source> tree = {{"core/a.h", including("\"core/b.h\"")},
                                    {"core/b.h", including("\"core/c.h\"")},
                                    {"core/c.h", including("\"core/a.h\"")}};
  EXPECT_THAT(no_cycles(tree), ElementsAre("includes go in a circle: core/a.h → core/b.h → core/c.h → core/a.h"));
}

TEST(Cycles, AreNotSeenInADiamond) {
  const std::vector<Source> tree = {{"core/a.h", including("\"core/b.h\"") + including("\"core/c.h\"")},
                                    {"core/b.h", including("\"core/d.h\"")},
                                    {"core/c.h", including("\"core/d.h\"")},
                                    {"core/d.h", ""}};
  EXPECT_THAT(no_cycles(tree), IsEmpty());
}

TEST(OwnHeader, ComesFirst) {
  const auto own = including("\"core/io/csv.h\""), other = including("<vector>");
  EXPECT_THAT(own_header_first({"core/io/csv.cpp", own + other}), IsEmpty());
  EXPECT_THAT(own_header_first({"core/io/csv.cpp", other}), IsEmpty());
  EXPECT_THAT(own_header_first({"core/io/csv.cpp", other + own}), ElementsAre(StartsWith("core/io/csv.cpp:2: ")));
}

TEST(Headers, BeginWithPragmaOnceAndHoldSomething) {
  EXPECT_THAT(pragma_once({"core/a.h", "#pragma once\nint a;\n"}), IsEmpty());
  EXPECT_THAT(pragma_once({"core/a.cpp", "int a;\n"}), IsEmpty());
  EXPECT_EQ(pragma_once({"core/a.h", "int a;\n"}).size(), 1u);
  EXPECT_THAT(no_umbrella({"core/a.h", "#pragma once\n#include <vector>\nint a;\n"}), IsEmpty());
  EXPECT_EQ(no_umbrella({"core/a.h", "#pragma once\n/// All.\n#include <vector>\n"}).size(), 1u);
}

TEST(Length, IsBoundedForFiles) {
  EXPECT_THAT(short_file({"core/a.cpp", lines(400)}), IsEmpty());
  EXPECT_EQ(short_file({"core/a.cpp", lines(401)}).size(), 1u);
  EXPECT_THAT(short_file({"scenes/a.toml", lines(401)}), IsEmpty());
}

TEST(Length, IsBoundedForFunctions) {
  EXPECT_THAT(short_functions({"core/a.cpp", "void f() {\n" + lines(58) + "}\n"}), IsEmpty());
  EXPECT_THAT(short_functions({"core/a.cpp", "int x;\n\nvoid f() {\n" + lines(59) + "}\n"}),
              ElementsAre("core/a.cpp:3: a function of 61 lines; 60 is the limit: void f() "));
  EXPECT_EQ(short_functions({"tests/a.cpp", "TEST(A, B) {\n  if (x) {\n" + lines(59) + "  }\n}\n"}).size(), 1u);
}

TEST(Macros, AreForTheKernelsOnly) {
  EXPECT_EQ(no_macros({"core/a.cpp", "  #  define A\n"}).size(), 1u);
  EXPECT_THAT(no_macros({"core/expr/kernels/a.cpp", "#define A\n"}), IsEmpty());
  EXPECT_THAT(no_macros({"core/linear/panels_avx2.cpp", "#define A\n"}), IsEmpty());
  EXPECT_THAT(no_macros({"core/a.cpp", "// #define A\n"}), IsEmpty());
}

TEST(Core, IsQuiet) {
  for (const char* line :
       {"std::cout << 1;\n", "std::exit(1);\n", "fmt::print(x);\n", "printf(x);\n", "std::abort();\n"}) {
    EXPECT_EQ(quiet_core({"core/a.cpp", line}).size(), 1u) << line;
    EXPECT_THAT(quiet_core({"app/a.cpp", line}), IsEmpty());
  }
  EXPECT_THAT(quiet_core({"core/a.cpp", "// std::cout\nauto s = \"std::cout\"; snprintf(s);\n"}), IsEmpty());
}

TEST(Names, SayWhatIsReturnedAndMeant) {
  EXPECT_EQ(names({"core/a.h", "int get_size() const;\n"}).size(), 1u);
  EXPECT_EQ(names({"core/a.h", "void f(bool fast = false);\n"}).size(), 1u);
  EXPECT_EQ(names({"core/a.h", "void f(bool fast = true, int n);\n"}).size(), 1u);
  EXPECT_THAT(names({"core/a.h", "struct A {\n  bool fast = false;\n  int size() const;\n};\n"}), IsEmpty());
}

TEST(Words, OfUnfinishedWorkAreFoundInAnyFile) {
  for (const auto& word :
       {joined("TO", "DO"), joined("fix", "me"), joined("XX", "X"), joined("ha", "ck"), joined("Not imple", "mented"),
        joined("place", "holder"), joined("for n", "ow"), joined("st", "ub")}) {
    EXPECT_THAT(finished({"scenes/a.toml", "a\n# " + word + ": b\n"}), ElementsAre(StartsWith("scenes/a.toml:2: ")))
        << word;
  }
  EXPECT_THAT(finished({"app/a.cpp", joined("edit->set", "PlaceholderText(t); // stubborn hacksaw\n")}), IsEmpty());
}

TEST(Paths, OfOneMachineAreFound) {
  for (const auto& path :
       {joined("/tm", "p/file"), joined("/hom", "e/me/x"), joined("/wor", "k/main"), joined("/roo", "t/.x")}) {
    EXPECT_EQ(no_machine_paths({"README.md", "see " + path + "\n"}).size(), 1u) << path;
  }
  EXPECT_THAT(no_machine_paths({"dev", joined("out/tm", "p/file /dev/null\n")}), IsEmpty());
}

TEST(Blanks, AtTheEndOfALineAndTabsAreFound) {
  EXPECT_EQ(no_tabs({"core/a.cpp", "a; \nb;\n"}).size(), 1u);
  EXPECT_EQ(no_tabs({"core/a.cpp", "\ta;\n"}).size(), 1u);
  EXPECT_THAT(no_tabs({"core/a.cpp", "  a;\n\n"}), IsEmpty());
}

TEST(Tests, AreEnoughAtSixLinesForTen) {
  EXPECT_THAT(enough_tests(std::vector<Source>{{"core/a.cpp", lines(10)}, {"tests/a.cpp", lines(6)}}, 0.6), IsEmpty());
  EXPECT_THAT(enough_tests(std::vector<Source>{{"core/a.cpp", lines(10)}, {"tests/a.cpp", lines(5) + "\n\n"}}, 0.6),
              ElementsAre(StartsWith("tests: 5 lines for 10 of code")));
}

}  // namespace
}  // namespace argscope::house
