#include "core/io/arrays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <numeric>

#include "core/io/bytes.h"
#include "core/io/npy.h"
#include "tests/core/io/errors.h"

namespace argscope::io {
namespace {

namespace fs = std::filesystem;
using expr::Shape;
using testing::ElementsAre;
using testing::HasSubstr;

/// A folder of its own for each test, removed with it.
class Files : public testing::Test {
 protected:
  Files() : folder(fs::path(testing::TempDir()) / ("argscope-files-" + std::to_string(::getpid()))) {
    fs::create_directories(folder);
  }
  ~Files() override { fs::remove_all(folder); }

  fs::path put(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path().filename().string());
    return found;
  }

  fs::path folder;
};

const NamedValue matrix{"W", {{2, 2}, {1, 2, 3, 0.1}}, {}};

expr::Array shipped(const std::string& name) {
  return read_array(fs::path(ARGSCOPE_SOURCE_DIR) / "assets/data" / name, "");
}

double sum_of_column(const expr::Array& array, Index column) {
  double sum = 0;
  for (Index i = 0; i < array.shape.rows(); ++i) sum += array.values[i * array.shape.width() + column];
  return sum;
}

TEST(Shipped, DigitsAreAllThere) {
  const auto digits = shipped("digits.csv.gz");
  EXPECT_EQ(digits.shape, (Shape{1797, 65}));
  EXPECT_EQ(sum_of_column(digits, 64), 8070);  // of the labels, as scikit-learn's load_digits gives them
}

TEST(Shipped, DiabetesHasTenMeasurementsAndATarget) {
  EXPECT_EQ(shipped("diabetes_data_raw.csv.gz").shape, (Shape{442, 10}));
  const auto target = shipped("diabetes_target.csv.gz");
  EXPECT_EQ(target.shape, (Shape{442}));
  EXPECT_EQ(std::accumulate(target.values.begin(), target.values.end(), 0.0), 67243);
}

TEST(Shipped, BreastCancerIsReadWithoutItsFirstLine) {
  const auto tumours = shipped("breast_cancer.csv");
  EXPECT_EQ(tumours.shape, (Shape{569, 31}));
  EXPECT_EQ(sum_of_column(tumours, 30), 357);  // benign ones
}

TEST(Shipped, GolubHasItsLabelsFirst) {
  const auto golub = shipped("golub.csv.gz");
  EXPECT_EQ(golub.shape, (Shape{38, 3052}));
  EXPECT_EQ(sum_of_column(golub, 0), 11);  // acute myeloid leukaemias
}

TEST_F(Files, AreReadByTheEndingOfTheirName) {
  EXPECT_THAT(read_array(put("a.csv", "1,2\n"), "").values, ElementsAre(1, 2));
  EXPECT_THAT(read_array(put("a.TXT", "1 2\n"), "").values, ElementsAre(1, 2));
  EXPECT_THAT(read_array(put("a.csv.gz", gzip("1,2\n")), "").values, ElementsAre(1, 2));
  EXPECT_THAT(read_array(put("a.npy.gz", gzip(format_npy({{1}, {5}}, {}))), "").values, ElementsAre(5));
  const std::string labels("\0\0\x08\1\0\0\0\2\7\3", 10);
  EXPECT_THAT(read_array(put("t10k-labels-idx1-ubyte.gz", gzip(labels)), "").values, ElementsAre(7, 3));
  EXPECT_THAT(read_array(put("train.idx", labels), "").values, ElementsAre(7, 3));
}

TEST_F(Files, OfAnUnknownEndingNameTheKnownOnes) {
  EXPECT_THAT(error_of([&] { read_array(put("a.xlsx", "1"), ""); }),
              HasSubstr("files ending in '.xlsx' cannot be read"));
  EXPECT_THAT(error_of([&] { write_arrays(folder / "a.xlsx", {matrix}, {}); }), HasSubstr("known are .csv, .json"));
}

TEST_F(Files, ThatAreNotThereAreNamed) {
  EXPECT_THAT(error_of([&] { read_array(folder / "none.csv", ""); }), HasSubstr("none.csv: no such file"));
  EXPECT_THAT(error_of([&] { read_array(folder, ""); }), HasSubstr("is a folder"));
}

TEST_F(Files, DamagedInCompressionAreNamed) {
  const auto packed = gzip("1,2\n3,4\n");
  EXPECT_THAT(error_of([&] { read_array(put("a.csv.gz", packed.substr(0, packed.size() - 4)), ""); }),
              HasSubstr("a.csv.gz: the compressed data is damaged or cut short"));
}

TEST_F(Files, SayWhereTheyHoldNoNumber) {
  const auto path = folder / "a.npy";
  write_arrays(path, {{"x", {{2, 3}, {0, 1, 2, 3, std::nan(""), 5}}, {}}}, {});
  EXPECT_TRUE(std::isnan(read_array(path, "").values[4]));
  EXPECT_THAT(complaint_about(path, "", 4), HasSubstr("a.npy: [1, 1]: nan is not a finite number; fill it in"));
  EXPECT_THAT(complaint_about(put("a.csv", "1,2\n3,x\n"), "", 3), HasSubstr("a.csv:2:3: expected a number, found 'x'"));
}

TEST_F(Files, HoldArraysByNameOnlyWhenTheyAreNpz) {
  write_arrays(folder / "a.npz", {matrix, {"b", {{1}, {4}}, {}}}, {});
  EXPECT_THAT(read_array(folder / "a.npz", "b").values, ElementsAre(4));
  EXPECT_THAT(error_of([&] { read_array(put("a.csv", "1"), "b"); }), HasSubstr("only an .npz holds arrays by name"));
}

TEST_F(Files, ReadBackWhatWasWritten) {
  for (const char* name : {"a.csv", "a.npy", "a.npz", "A.NPY"}) {
    write_arrays(folder / name, {matrix}, {{"scene", "ridge"}});
    const auto again = read_array(folder / name, "");
    EXPECT_EQ(again.shape, matrix.array.shape) << name;
    EXPECT_EQ(again.values, matrix.array.values) << name;
  }
}

TEST_F(Files, OfOneArrayRefuseSeveral) {
  for (const char* name : {"a.csv", "a.npy", "a.mtx"}) {
    EXPECT_THAT(error_of([&] {
                  write_arrays(folder / name, {matrix, matrix}, {});
                }),
                HasSubstr("holds one array, and there are 2; write .npz or .json"));
  }
  EXPECT_THAT(names(), ElementsAre());
}

TEST_F(Files, AreReplacedWholeAndLeaveNothingBeside) {
  const auto path = put("a.csv", std::string(1000, 'x'));
  write_whole(path, "new");
  EXPECT_EQ(read_bytes(path), "new");
  EXPECT_THAT(names(), ElementsAre("a.csv"));
}

TEST_F(Files, StayAsTheyWereWhenWritingFails) {
  EXPECT_THAT(error_of([&] { write_whole(folder / "none" / "a.csv", "new"); }),
              HasSubstr("a.csv: cannot write: No such file or directory"));
  fs::create_directory(folder / "b.csv");
  EXPECT_THAT(error_of([&] { write_whole(folder / "b.csv", "new"); }), HasSubstr("is a folder; name a file in it"));
  EXPECT_THAT(names(), ElementsAre("b.csv"));
}

TEST_F(Files, BehindALinkAreWrittenAndTheLinkStays) {
  const auto path = put("real.csv", "old");
  fs::create_symlink(path, folder / "link.csv");
  write_whole(folder / "link.csv", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link.csv"));
  EXPECT_EQ(read_bytes(path), "new");
}

TEST_F(Files, ThatAreDevicesStayDevices) {
  write_whole("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(Files, OfSeveralGzipMembersAreJoined) {
  EXPECT_EQ(read_bytes(put("a.gz", gzip("1,2\n") + gzip("3,4\n"))), "1,2\n3,4\n");
}

TEST_F(Files, LargerThanOneBufferUnpackWhole) {
  const std::string plain(3'000'000, 'a');
  EXPECT_EQ(read_bytes(put("a.gz", gzip(plain))), plain);
}

}  // namespace
}  // namespace argscope::io
