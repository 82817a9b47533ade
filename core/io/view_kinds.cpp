#include "core/io/scene.h"

namespace argscope::io {

namespace {

const std::string expression = "expression", number = "number", word = "word", words = "words", toggle = "switch";

/// Keys that several kinds share.
const KeyDoc low{"low", number, "value at the lower end of the colours; default: from the numbers"};
const KeyDoc high{"high", number, "value at the upper end of the colours; default: from the numbers"};
const KeyDoc colormap{"colormap", word,
                      "signed (about zero, blue to orange), magnitude (viridis) or grey; default: by the numbers"};

KeyDoc required(KeyDoc key) {
  key.required = true;
  return key;
}

ViewKindDoc particles() {
  return {"particles",
          "discs or spheres, and how each moves with the parameter as an arrow",
          {required({"show", expression, "positions, (k, 2) or (k, 3)"}),
           {"diameter", expression, "one number, or one a particle; default 1"},
           {"box", expression, "edge length, or one an axis, of the box drawn around them; default: no box"},
           {"periodic", toggle, "with a box: draw images across its edges, and arrows by minimum image; default true"},
           {"color", expression, "one number a particle; default: by diameter"},
           {"arrows", expression, "what the arrows are the derivative of, shaped as show; default: show"},
           {"arrow_scale", number, "length of an arrow for a derivative of 1; default: chosen and printed"},
           colormap}};
}

ViewKindDoc bars() {
  return {"bars",
          "one bar a number, and its derivative beside it",
          {required({"show", expression, "a vector; a matrix gives one group of bars a row"}),
           {"labels", words, "names under the bars, in order; default: 0, 1, 2, …"},
           low,
           high}};
}

ViewKindDoc images() {
  return {
      "images",
      "grey or coloured images in a grid, and their derivative as a coloured overlay",
      {required({"show", expression, "(k, h, w), or one image (h, w); with rows and columns also (k, h·w) or (h·w,)"}),
       {"rows", number, "pixels in a column of an image; needed when show is flat"},
       {"columns", number, "pixels in a row of an image; needed when show is flat"},
       {"across", number, "images side by side; default: about square"},
       low,
       high,
       colormap}};
}

ViewKindDoc curve() {
  return {"curve",
          "values along the range of one parameter, with the tangent that the derivative predicts",
          {required({"show", expression, "what is drawn over the parameter; an array gives one curve an element"}),
           required({"parameter", word, "the parameter along the axis; of an array: its element, as in theta[3]"}),
           {"tangent", toggle, "draw value + derivative·Δθ through the present point; default true"},
           {"low", number, "left end of the axis; default: the parameter's range"},
           {"high", number, "right end of the axis; default: the parameter's range"},
           {"points", number, "solves along the axis; default 41"},
           {"labels", words, "names of the curves, in order"}}};
}

ViewKindDoc landscape() {
  return {"landscape",
          "a function of two entries of a variable as contours and a surface, the minimiser and where it goes",
          {required({"show", expression, "a scalar, such as the objective"}),
           required({"x", word, "the variable whose first two entries span the plane"}),
           {"first", number, "its entry along the horizontal axis, from 0; default 0"},
           {"second", number, "its entry along the vertical axis; default 1"},
           {"low", number,
            "left end of the horizontal axis, and of the vertical one unless low_second is given; default -2"},
           {"high", number,
            "right end of the horizontal axis, and of the vertical one unless high_second is given; default 2"},
           {"low_second", number, "lower end of the vertical axis"},
           {"high_second", number, "upper end of the vertical axis"},
           {"levels", number, "how many contours; default 12"},
           {"surface", toggle, "draw the function as a surface in three dimensions; default false"},
           {"path", toggle, "draw where the minimiser has been; default true"},
           colormap}};
}

ViewKindDoc heatmap() {
  return {"heatmap",
          "a matrix as coloured cells",
          {required({"show", expression, "a matrix or vector; or the word jacobian"}),
           {"of", word, "with jacobian: a variable, definition or output; default: all variables"},
           {"wrt", word, "with jacobian: a parameter; default: all parameters"},
           {"row_labels", words, "names of the rows, in order"},
           {"column_labels", words, "names of the columns, in order"},
           low,
           high,
           colormap}};
}

ViewKindDoc line() {
  return {"line",
          "points joined by a line: a chain, a curve in the plane, a function of x",
          {required({"show", expression, "heights (k,), or places in the plane (k, 2); (m, k, 2) gives m lines"}),
           {"x", expression, "abscissae of the heights, (k,); default 0, 1, 2, …"},
           {"closed", toggle, "join the last point to the first; default false"},
           {"markers", toggle, "a dot on each point; default true"},
           {"arrows", toggle, "draw the derivative as arrows on the points; default true"},
           {"equal", toggle, "the same scale on both axes; default: true for places, false for heights"}}};
}

}  // namespace

std::vector<ViewKindDoc> view_kinds() {
  return {bars(), curve(), heatmap(), images(), landscape(), line(), particles()};
}

}  // namespace argscope::io
