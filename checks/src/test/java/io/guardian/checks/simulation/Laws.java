package io.guardian.checks.simulation;

import io.guardian.checks.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What holds whatever was done to whom: the server has what happened, once, and nobody was accused of nothing. */
final class Laws {
    private Laws() {}

    /** Each line says what doesn't hold. */
    static List<String> broken(Outcome outcome) {
        var wrong = new ArrayList<String>();
        var truth = outcome.truth();
        var ledger = outcome.ledger();
        if (!outcome.settled()) {
            wrong.add("it did not come to rest");
        }
        if (truth.droppedRecords() == 0 && ledger.digest() != truth.digest()) {
            wrong.add("%,d objects at the server, %,d happened%s"
                    .formatted(ledger.objects(), truth.objects(), Differences.first(truth.states(), ledger.states())));
        }
        long fewest = truth.droppedRecords() == 0 && !outcome.beganInDoubt() ? truth.deviatingActs() : 0;
        long most = truth.droppedRecords() == 0 ? truth.deviatingActs() : Long.MAX_VALUE;
        if (ledger.deviatingActs() < fewest || ledger.deviatingActs() > most) {
            wrong.add("%,d deviations at the server, %,d happened"
                    .formatted(ledger.deviatingActs(), truth.deviatingActs()));
        }
        boolean namesLost = truth.droppedByKind().keySet().stream().anyMatch(kind -> kind.startsWith("dns"));
        ledger.innocents().forEach((what, count) -> {
            // Who went to an address whose name was lost is told of, but nothing is done about it.
            if (!(namesLost && what.contains(SimulatedNames.NAMED))) {
                wrong.add(count + " x innocent: " + what);
            }
        });
        truth.droppedByKind().forEach((kind, count) -> {
            long told = ledger.lost().getOrDefault("ring." + kind, 0L);
            if (told != count) {
                wrong.add("%,d records of kind `%s` were lost, %,d were told of".formatted(count, kind, told));
            }
        });
        if (ledger.beginnings() != ledger.connections()) {
            wrong.add("%,d connections at the server, %,d of them began"
                    .formatted(ledger.connections(), ledger.beginnings()));
        }
        wrong.addAll(outcome.kills().wrong().stream().limit(5).toList());
        return wrong;
    }
}
