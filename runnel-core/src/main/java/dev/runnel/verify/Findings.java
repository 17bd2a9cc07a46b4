package dev.runnel.verify;

import dev.runnel.platform.Clock;
import dev.runnel.platform.RunnelException;
import dev.runnel.replica.ObjectSink;
import dev.runnel.replica.ReplicaException;
import dev.runnel.restore.RestoredImage;
import dev.runnel.verify.HistoryReport.Comparison;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is found in one history. */
final class Findings implements ObjectSink {
    /** More lines than this help nobody; the verdict counts all. */
    private static final int MOST = 100;

    private final List<Finding> found = new ArrayList<>();
    private final String history;
    private final Clock clock;
    private final long start;
    private Verdict verdict = Verdict.COMPLETE;
    private long objects;
    private long bytes;
    private Optional<RestoredImage> image = Optional.empty();
    private Comparison comparison = Comparison.NOT_RECORDED;
    private Optional<String> answer = Optional.empty();
    private Optional<Duration> restoreTime = Optional.empty();

    Findings(String history, Clock clock) {
        this.history = history;
        this.clock = clock;
        this.start = clock.ticks();
    }

    void add(Verdict of, RunnelException fault) {
        add(of, fault.reason(), fault.nextStep());
    }

    void add(Verdict of, String text, String nextStep) {
        verdict = verdict.orWorse(of);
        if (found.size() < MOST) {
            found.add(new Finding(of, text, nextStep));
        }
    }

    @Override
    public void intact(String key, long size) {
        objects++;
        bytes += size;
    }

    @Override
    public void damaged(ReplicaException.Damaged fault) {
        objects++;
        add(Verdict.DAMAGED, fault);
    }

    Optional<RestoredImage> image() {
        return image;
    }

    void image(RestoredImage restored) {
        image = Optional.of(restored);
    }

    void comparison(Comparison found) {
        comparison = found;
    }

    void answer(String text) {
        answer = Optional.of(text);
    }

    void restoreTime(Duration duration) {
        restoreTime = Optional.of(duration);
    }

    HistoryReport report() {
        Duration duration = Duration.ofNanos(clock.ticks() - start);
        return new HistoryReport(
                history, verdict, found, objects, bytes, image, comparison, answer, duration, restoreTime);
    }
}
