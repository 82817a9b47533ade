#include "app/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/requests.h"

namespace argscope::app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::string mistake(const Catalogue& catalogue, const std::string& name) {
  try {
    choose(catalogue, name);
  } catch (const WrongInput& wrong) {
    return wrong.what();
  }
  return {};
}

TEST(Names, AreTheSameWithHyphenOrUnderscore) {
  EXPECT_TRUE(same_name("gradient-descent", "gradient_descent"));
  EXPECT_TRUE(same_name("", ""));
  EXPECT_FALSE(same_name("gradient-descent", "gradientdescent"));
  EXPECT_FALSE(same_name("a", "ab"));
}

TEST(Names, ResolveToTheListedSpelling) {
  EXPECT_EQ(resolve_name("--of", "train-error", {"w", "train_error"}), "train_error");
}

TEST(Names, OfTheUnknownOfferTheNearest) {
  try {
    resolve_name("--of", "trian_error", {"w", "train_error"});
    FAIL();
  } catch (const WrongInput& wrong) {
    EXPECT_THAT(wrong.what(), HasSubstr("--of: unknown name 'trian_error'"));
    EXPECT_THAT(wrong.what(), HasSubstr("'train_error'"));
  }
}

TEST(Names, OfNothingSaySo) { EXPECT_THROW(resolve_name("--wrt", "theta", {}), WrongInput); }

TEST(Names, OfAMinimumsValueAreToldWhereTheyBelong) {
  EXPECT_THAT(mistake(methods(), "automatic"), HasSubstr("'automatic' is of a minimum's value"));
  EXPECT_THAT(mistake(methods(), "dual"), HasSubstr("argscope gradient"));
}

TEST(Names, OfWhatNobodyKnowsAreCalledUnknown) {
  EXPECT_THAT(mistake(solvers(), "newtom"), HasSubstr("'newton'"));
  EXPECT_THAT(mistake(methods(), "implicity"), HasSubstr("'implicit'"));
}

TEST(Names, ThatRunAreNotAmongThoseElsewhere) {
  for (const Catalogue& catalogue : {solvers(), methods(), linear_solvers(), conditions()}) {
    EXPECT_FALSE(catalogue.today.empty()) << catalogue.option;
    for (const std::string& name : catalogue.today) {
      EXPECT_EQ(choose(catalogue, name), name);
      EXPECT_THAT(catalogue.elsewhere, Not(Contains(name)));
    }
  }
}

}  // namespace
}  // namespace argscope::app
