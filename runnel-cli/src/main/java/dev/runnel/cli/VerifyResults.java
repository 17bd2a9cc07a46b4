package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.config.Redaction;
import dev.runnel.cli.output.Amounts;
import dev.runnel.cli.output.Table;
import dev.runnel.cli.output.Times;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import dev.runnel.restore.ProvenBy;
import dev.runnel.restore.RestoredImage;
import dev.runnel.verify.Depth;
import dev.runnel.verify.Finding;
import dev.runnel.verify.HistoryReport;
import dev.runnel.verify.HistoryReport.Comparison;
import dev.runnel.verify.VerifyOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** What {@code verify} has found, in words and in JSON. */
final class VerifyResults {
    private final VerifyOptions options;
    private final List<Entry> entries = new ArrayList<>();

    /** One history; or why a replica could not be read. */
    private record Entry(String database, String replica, Optional<HistoryReport> report, Optional<IOException> fault) {
        boolean isFailure() {
            return report.isEmpty() || report.get().verdict().isFailure();
        }

        String history() {
            return report.map(HistoryReport::history).orElse("");
        }

        String verdict() {
            return report.map(found -> found.verdict().text()).orElse("not read");
        }

        /** Where it is, for messages. */
        String where() {
            String part = history().isEmpty() ? "" : ", " + history();
            return database.equals(replica) ? database + part : database + " (" + replica + part + ")";
        }
    }

    VerifyResults(VerifyOptions options) {
        this.options = options;
    }

    void add(String database, String replica, HistoryReport report) {
        entries.add(new Entry(database, replica, Optional.of(report), Optional.empty()));
    }

    void add(String database, String replica, IOException fault) {
        entries.add(new Entry(database, replica, Optional.empty(), Optional.of(fault)));
    }

    boolean hasFailure() {
        return entries.stream().anyMatch(Entry::isFailure);
    }

    void printTo(PrintStream out) {
        Table table = new Table("database", "replica", "history", "verdict", "state", "time", "checked");
        for (Entry entry : entries) {
            Optional<RestoredImage> image = entry.report().flatMap(HistoryReport::image);
            table.add(
                    entry.database(),
                    entry.replica(),
                    entry.history(),
                    entry.verdict(),
                    image.map(found -> found.plan().point()).orElse(""),
                    image.map(found -> Times.show(found.plan().time())).orElse(""),
                    entry.report().map(this::checked).orElse(""));
        }
        table.printTo(out);
        for (Entry entry : entries) {
            Optional<String> answer = entry.report().flatMap(HistoryReport::answer);
            answer.ifPresent(text -> out.println("answer of " + entry.where() + ":\n" + text));
        }
    }

    /** What was done, and how long it took. */
    private String checked(HistoryReport report) {
        StringJoiner parts = new StringJoiner(", ");
        if (options.depth() == Depth.NAMES) {
            parts.add("names");
        }
        if (options.depth() == Depth.BYTES) {
            parts.add(report.objects() + " objects").add(Amounts.bytes(report.bytes()));
        }
        report.image().ifPresent(image -> {
            parts.add(Amounts.bytes(image.size()));
            parts.add(
                    image.provenBy() == ProvenBy.DATABASE_CHECKSUM
                            ? "checksum of the database"
                            : "checksums of objects");
        });
        switch (report.comparison()) {
            case EQUAL -> parts.add("equal to what is recorded here");
            case DIFFERENT -> parts.add("different from what is recorded here");
            case NOT_RECORDED -> {}
        }
        report.restoreTime().ifPresent(time -> parts.add("restored in " + Amounts.duration(time)));
        return parts.toString();
    }

    /** Prints every finding and every fault, with the next step, and then how many histories are in order. */
    void tell(PrintStream err) {
        for (Entry entry : entries) {
            for (Finding finding : entry.report().map(HistoryReport::findings).orElse(List.of())) {
                err.println(finding.verdict().text() + ": " + entry.where() + ": " + Redaction.of(finding.text()));
                if (!finding.nextStep().isEmpty()) {
                    err.println("  " + Redaction.of(finding.nextStep()));
                }
            }
            entry.fault().ifPresent(fault -> {
                err.println("Error: " + entry.where() + ": " + reason(fault));
                nextStep(fault).ifPresent(step -> err.println("  " + step));
            });
        }
        long failures = entries.stream().filter(Entry::isFailure).count();
        String noun = entries.size() == 1 ? " history" : " histories";
        err.println(entries.size() + noun + ": " + (entries.size() - failures) + " in order, " + failures + " not");
    }

    private static String reason(IOException fault) {
        return Redaction.of(FaultText.of(fault));
    }

    private static Optional<String> nextStep(IOException fault) {
        return fault instanceof RunnelException known && !known.nextStep().isEmpty()
                ? Optional.of(Redaction.of(known.nextStep()))
                : Optional.empty();
    }

    void writeTo(JsonWriter json) throws IOException {
        json.beginArray();
        for (Entry entry : entries) {
            json.beginObject();
            json.name("database").value(entry.database());
            json.name("replica").value(entry.replica());
            json.name("verdict").value(entry.verdict());
            if (entry.report().isPresent()) {
                write(json, entry.report().get());
            }
            if (entry.fault().isPresent()) {
                json.name("error").value(reason(entry.fault().get()));
            }
            json.endObject();
        }
        json.endArray();
    }

    private void write(JsonWriter json, HistoryReport report) throws IOException {
        json.name("history").value(report.history());
        json.name("depth").value(options.depth().name().toLowerCase(Locale.ROOT));
        json.name("duration_ms").value(report.duration().toMillis());
        if (options.depth() == Depth.BYTES) {
            json.name("objects").value(report.objects());
            json.name("bytes").value(report.bytes());
        }
        if (report.image().isPresent()) {
            RestoredImage image = report.image().get();
            json.name("txid")
                    .value(image.plan().hasTxid() ? image.plan().reached().toString() : "");
            json.name("point").value(image.plan().point());
            json.name("time").value(image.plan().time().toString());
            json.name("size").value(image.size());
            json.name("database_checksum").value(String.format(Locale.ROOT, "%016x", image.checksum()));
            json.name("proven_by").value(image.provenBy().name().toLowerCase(Locale.ROOT));
        }
        if (report.comparison() != Comparison.NOT_RECORDED) {
            json.name("equals_record").value(report.comparison() == Comparison.EQUAL);
        }
        if (report.restoreTime().isPresent()) {
            json.name("restore_ms").value(report.restoreTime().get().toMillis());
        }
        if (report.answer().isPresent()) {
            json.name("answer").value(report.answer().get());
        }
        json.name("findings").beginArray();
        for (Finding finding : report.findings()) {
            json.beginObject();
            json.name("verdict").value(finding.verdict().text());
            json.name("text").value(Redaction.of(finding.text()));
            json.name("next_step").value(Redaction.of(finding.nextStep()));
            json.endObject();
        }
        json.endArray();
    }
}
