#pragma once
/// Whether the derivative on screen can be trusted, in icons' kinds and words.

#include <QString>
#include <vector>

#include "app/icons.h"
#include "core/live/session.h"

namespace argscope::app {

struct HealthItem {
  Icon icon = Icon::Unknown;  ///< Good, Warn, Bad or Unknown
  QString name;               ///< "Solution"
  QString value;              ///< "1.2e−12"
  QString explanation;        ///< what it is and what its state means, a sentence or two
};

/// The strip's items, always the same ones in the same order, the comparison with differences last; null: nothing is
/// known of any of them.
std::vector<HealthItem> health_of(const live::Snapshot*);

/// What to say above all: an error, why the derivative is undefined, the first warning; empty when all is well.
QString health_message(const live::Snapshot*);

}  // namespace argscope::app
