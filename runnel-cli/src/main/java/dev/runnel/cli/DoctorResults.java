package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.config.Redaction;
import dev.runnel.doctor.Fault;
import dev.runnel.doctor.Stake;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code doctor} has found, in words and in JSON. */
final class DoctorResults {
    private final List<Entry> entries = new ArrayList<>();
    private final List<Unread> unread = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int replicas;

    /**
     * One fault.
     *
     * @param replica empty where it is about local files
     * @param isRepaired whether what could be removed was removed
     */
    private record Entry(String database, String replica, Fault fault, boolean isRepaired) {
        boolean remains() {
            return !isRepaired || fault.removable().isEmpty();
        }
    }

    /** Why something could not be examined. */
    private record Unread(String database, String replica, IOException reason) {}

    /** One more replica is examined. */
    void examined() {
        replicas++;
    }

    void followed(String database, String follower) {
        notes.add(database + " is followed by " + follower);
    }

    void add(String database, String replica, List<Fault> faults, boolean isRepaired) {
        faults.forEach(fault -> entries.add(new Entry(database, replica, fault, isRepaired)));
    }

    void add(String database, String replica, IOException reason) {
        unread.add(new Unread(database, replica, reason));
    }

    boolean isHealthy() {
        return unread.isEmpty() && entries.stream().noneMatch(Entry::remains);
    }

    /** A fault, and what it means, what to do and what would be removed below it. */
    void printTo(PrintStream out) {
        for (Entry entry : entries) {
            Fault fault = entry.fault();
            out.println(fault.kind().text() + ": " + where(entry.database(), entry.replica()) + ": "
                    + Redaction.of(fault.where() + ": " + fault.text()));
            out.println("  " + fault.stake().text());
            out.println("  " + Redaction.of(fault.nextStep()));
            fault.removable()
                    .forEach(each ->
                            out.println((entry.isRepaired() ? "  removed: " : "  -repair would remove: ") + each));
        }
    }

    private static String where(String database, String replica) {
        return replica.isEmpty() || database.equals(replica) ? database : database + " (" + replica + ")";
    }

    /** Prints what could not be examined, with the next step, and then how much was found. */
    void tell(PrintStream err) {
        notes.forEach(err::println);
        for (Unread each : unread) {
            err.println("Error: " + where(each.database(), each.replica()) + ": "
                    + Redaction.of(FaultText.of(each.reason())));
            if (each.reason() instanceof RunnelException known
                    && !known.nextStep().isEmpty()) {
                err.println("  " + Redaction.of(known.nextStep()));
            }
        }
        long remaining = entries.stream().filter(Entry::remains).count();
        err.println(count(replicas, "replica") + ": " + count(remaining, "fault") + ", " + (entries.size() - remaining)
                + " repaired, " + unread.size() + " not examined");
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    void writeTo(JsonWriter json) throws IOException {
        json.beginArray();
        for (Entry entry : entries) {
            write(json, entry);
        }
        for (Unread each : unread) {
            json.beginObject();
            json.name("database").value(each.database());
            json.name("replica").value(each.replica());
            json.name("error").value(Redaction.of(FaultText.of(each.reason())));
            json.endObject();
        }
        json.endArray();
    }

    private static void write(JsonWriter json, Entry entry) throws IOException {
        Fault fault = entry.fault();
        json.beginObject();
        json.name("database").value(entry.database());
        json.name("replica").value(entry.replica());
        json.name("kind").value(fault.kind().name().toLowerCase(Locale.ROOT));
        json.name("where").value(Redaction.of(fault.where()));
        json.name("text").value(Redaction.of(fault.text()));
        json.name("points_depend").value(fault.stake() == Stake.POINTS);
        json.name("points_lost").value(fault.stake() == Stake.LOST);
        json.name("next_step").value(Redaction.of(fault.nextStep()));
        json.name("removable").beginArray();
        for (String each : fault.removable()) {
            json.value(each);
        }
        json.endArray();
        json.name("repaired").value(!entry.remains());
        json.endObject();
    }
}
