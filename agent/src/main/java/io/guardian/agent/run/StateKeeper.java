package io.guardian.agent.run;

import io.guardian.agent.attribute.KeptState;
import io.guardian.agent.attribute.NetworkTracker;
import io.guardian.agent.decide.DeviationLimits;
import io.guardian.agent.decide.ToldDeviations;
import io.guardian.agent.decode.SequenceMark;
import io.guardian.agent.decode.SequenceWatch;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Spool;
import io.guardian.agent.state.StateLog;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps on disk what the agent knows, in step with what it sends: the number of what was staged for sending is part of
 * what is written, in one change with all that follows from the same records. A run that is killed in between makes the
 * same again. Touched by the pipeline's thread.
 */
final class StateKeeper implements Pipeline.Journal {
    private static final String META = "meta";

    private final StateLog stateLog;
    private final KeptState state;
    private final ToldDeviations told;
    private final DeviationLimits limits;
    private final NetworkTracker network;
    private final StatusReport status;
    private final Spool spool;
    private final String bootId;
    private final Log log;
    private boolean behind;

    StateKeeper(
            StateLog stateLog,
            KeptState state,
            ToldDeviations told,
            DeviationLimits limits,
            NetworkTracker network,
            StatusReport status,
            Spool spool,
            String bootId,
            Log log) {
        this.stateLog = stateLog;
        this.state = state;
        this.told = told;
        this.limits = limits;
        this.network = network;
        this.status = status;
        this.spool = spool;
        this.bootId = bootId;
        this.log = log;
    }

    @Override
    public void restore(SequenceWatch sequences) throws IOException {
        stateLog.cutBack();
        var meta = meta(lastMeta());
        if (!meta.text("boot").equals(bootId)) {
            // Whatever the spool dropped since the last report is told of by this run.
            status.resumeSpool(whole(meta.object("losses"), StatusReport.SPOOL_FULL));
            stateLog.rewrite(out -> {});
            return;
        }
        spool.cutBack(whole(meta, "commit"));
        network.resume(whole(meta, "seq"));
        sequences.resume(whole(meta, "epoch"), marks(meta.object("marks")));
        status.resume(numbers(meta.object("losses"), name -> name));
        state.restore(into -> stateLog.replay(key -> !key.equals(META), (key, value) -> {
            if (!told.take(key, value) && !limits.take(key, value)) {
                into.put(key, value);
            }
        }));
        log.info(
                "state",
                "took up what an earlier run knew",
                "processes",
                state.processes().size(),
                "bytes",
                stateLog.size());
    }

    private String lastMeta() throws IOException {
        var last = new HashMap<String, String>();
        stateLog.replay(META::equals, last::put);
        return last.getOrDefault(META, "{}");
    }

    private static Json.Obj meta(String text) {
        try {
            return JsonReader.readObject(text);
        } catch (JsonSyntaxException damaged) {
            return Json.Obj.EMPTY;
        }
    }

    private static long whole(Json.Obj from, String key) {
        return from.number(key).map(Json.Num::asLong).orElse(0L);
    }

    private static <K> Map<K, Long> numbers(Json.Obj from, java.util.function.Function<String, K> key) {
        var map = new HashMap<K, Long>();
        from.fields().forEach((name, value) -> {
            if (value instanceof Json.Num number) {
                map.put(key.apply(name), number.asLong());
            }
        });
        return map;
    }

    private static Map<Integer, SequenceMark> marks(Json.Obj from) {
        var marks = new HashMap<Integer, SequenceMark>();
        from.fields()
                .keySet()
                .forEach(cpu ->
                        SequenceMark.parse(from.text(cpu)).ifPresent(mark -> marks.put(Integer.parseInt(cpu), mark)));
        return marks;
    }

    @Override
    public void commit(SequenceWatch sequences) throws IOException {
        if (behind || stateLog.wantsRewrite()) {
            rewrite(sequences);
        } else {
            // If this fails, the changes are in no file and not asked for again.
            behind = true;
            stateLog.append(out -> {
                state.changes(out::put);
                told.changes(out::put);
                limits.changes(out::put);
                out.put(META, meta(sequences));
            });
            behind = false;
        }
        spool.publish();
    }

    private void rewrite(SequenceWatch sequences) throws IOException {
        behind = true;
        stateLog.rewrite(out -> {
            state.everything(out::put);
            told.everything(out::put);
            limits.everything(out::put);
            out.put(META, meta(sequences));
        });
        behind = false;
    }

    private String meta(SequenceWatch sequences) {
        var marks = Json.object();
        sequences.marks().forEach((cpu, next) -> marks.put(cpu.toString(), next.toString()));
        var losses = Json.object();
        status.reportedLosses().forEach(losses::put);
        return Json.object()
                .put("boot", bootId)
                .put("commit", spool.staged())
                .put("seq", network.sequence())
                .put("epoch", sequences.epoch())
                .put("marks", marks.build())
                .put("losses", losses.build())
                .build()
                .toText();
    }
}
