package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.output.Amounts;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.RestoredImage;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A database that was restored, in words and in JSON. */
record RestoreResult(ReplicaConfig replica, Path output, RestoreReport report) {
    /** What it is and what proves it, and what was found damaged on the way. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(describe());
        for (String damaged : report.image().damaged()) {
            lines.add("warning: " + damaged + " is damaged at the replica; its pages came from other files");
        }
        return lines;
    }

    /** What the user should know, although the database is there. */
    List<String> warnings() {
        return report.warnings().stream().map(warning -> "warning: " + warning).toList();
    }

    private String describe() {
        RestoredImage image = report.image();
        String proof = switch (image.provenBy()) {
            case DATABASE_CHECKSUM -> "database checksum " + hex(image.checksum()) + " as written by the source";
            case FILE_CHECKSUMS -> "every file checksum right; the replica has no checksum of the database";
        };
        String resumed = report.resumedPages() == 0
                ? ""
                : ", " + report.resumedPages() + " of " + image.pageCount() + " pages left by an interrupted restore";
        return "restored " + output + ": " + image.plan().point() + " of "
                + image.plan().time() + ", " + Amounts.bytes(image.size()) + " in "
                + Amounts.duration(report.duration()) + ", " + proof + resumed;
    }

    /** The fields of an object, the path of the database left out. */
    void writeFields(JsonWriter json) throws IOException {
        RestoredImage image = report.image();
        json.name("replica").value(replica.name());
        json.name("txid").value(image.plan().hasTxid() ? image.plan().reached().toString() : "");
        json.name("point").value(image.plan().point());
        json.name("duration_ms").value(report.duration().toMillis());
        json.name("integrity_check").value(RestoreFlags.nameOf(report.integrityCheck()));
        json.name("time").value(image.plan().time().toString());
        json.name("database_checksum").value(hex(image.checksum()));
        json.name("proven_by").value(image.provenBy().name().toLowerCase(Locale.ROOT));
        json.name("damaged").beginArray();
        for (String damaged : image.damaged()) {
            json.value(damaged);
        }
        json.endArray();
        if (!report.warnings().isEmpty()) {
            json.name("warnings").beginArray();
            for (String warning : report.warnings()) {
                json.value(warning);
            }
            json.endArray();
        }
    }

    private static String hex(long checksum) {
        return String.format(Locale.ROOT, "%016x", checksum);
    }
}
