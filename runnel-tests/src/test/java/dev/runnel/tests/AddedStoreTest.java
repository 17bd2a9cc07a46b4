package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.DatabaseOptions;
import dev.runnel.ReplicaOptions;
import dev.runnel.Runnel;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that nothing but {@link ShelfLocationType} and one line of registration knows can be used wherever a store can, and
 * what the program says about it comes from there.
 */
@Tag("slow")
class AddedStoreTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void itIsWrittenAndReadByUrl() throws SqlFailure {
        String url = "shelf://" + folder.resolve("shelf") + "?shelfToken=open";
        List<String> orders;
        try (Application application = Application.start(database()).orders(3, "on the shelf")) {
            run(0, "replicate", "-once", database().toString(), url);
            orders = application.orders();
        }
        assertThat(folder.resolve("shelf/level-9")).isDirectory();
        Path output = folder.resolve("restored.db");
        run(0, "restore", "-o", output.toString(), url);
        assertThat(Application.ordersIn(output)).isEqualTo(orders);
        assertThat(run(0, "ltx", "-level", "all", url)).contains("0000000000000001");
    }

    @Test
    void itIsWrittenAndReadByConfigurationWithDefaultsOfTheTop() throws SqlFailure, IOException {
        String config = config("""
                shelf-token: open
                dbs:
                  - path: %s
                    replica: {type: shelf, path: %s}
                """.formatted(database(), folder.resolve("shelf")));
        List<String> orders;
        try (Application application = Application.start(database()).orders(3, "on the shelf")) {
            assertThat(run(0, "replicate", "-once", "-config", config))
                    .contains("shelf://" + folder.resolve("shelf"))
                    .doesNotContain("=open", "token");
            orders = application.orders();
        }
        assertThat(run(0, "databases", "-config", config)).contains("shelf");
        Path output = folder.resolve("restored.db");
        run(0, "restore", "-config", config, "-o", output.toString(), database().toString());
        assertThat(Application.ordersIn(output)).isEqualTo(orders);
    }

    @Test
    void twoDatabasesOnOneShelfAreRefused() throws IOException {
        assertThat(refused("{type: shelf, path: /s, shelf-token: open}", "{url: 'shelf:///s?shelf-token=open'}"))
                .contains("dbs[0].replica has the same location already: shelf:///s");
    }

    @Test
    void whatIsWrongIsSaidInItsTermsAndWithoutItsSecret() throws IOException {
        assertThat(refused("{type: shelf, path: /s, shelf-tokn: hidden}"))
                .contains("unknown key; did you mean \"shelf-token\"?")
                .doesNotContain("hidden");
        assertThat(refused("{path: /s, shelf-token: hidden}"))
                .contains("shelf-token: this belongs to a replica of type shelf, and this one is a folder")
                .doesNotContain("hidden");
        assertThat(refused("{url: 'shelf:///s?shelfToken=hidden'}"))
                .contains("a shelf needs its \"shelf-token\"")
                .doesNotContain("hidden");
        assertThat(refused("{url: 'shelf:///s?shelfToken=hidden&row=3'}"))
                .contains("unknown parameter \"row\" in the URL; it takes shelfToken")
                .doesNotContain("hidden");
        assertThat(refused("{type: tape, path: /s}")).contains("a shelf (type shelf)");
        assertThat(run(1, "restore", "-o", "out.db", "shelf:///s?shelfToken=hidden&shelfToken=hidden"))
                .contains("the parameter \"shelfToken\" is in the URL twice")
                .doesNotContain("hidden");
    }

    @Test
    void theLibraryWritesAndReadsIt() throws Exception {
        ReplicaOptions shelf = ReplicaOptions.ofType("shelf")
                .option("path", folder.resolve("shelf").toString())
                .option("shelf-token", "open");
        List<String> orders;
        try (Application application = Application.start(database()).orders(3, "on the shelf");
                Runnel runnel = Runnel.builder()
                        .database(DatabaseOptions.at(database()).replica(shelf))
                        .start()) {
            assertThat(runnel.syncNow(database(), LIMIT)).isTrue();
            assertThat(runnel.status().toString()).contains("shelf://").doesNotContain("open", "token");
            orders = application.orders();
        }
        Path output = folder.resolve("restored.db");
        var _ = Runnel.restore(output, "shelf://" + folder.resolve("shelf") + "?shelfToken=open")
                .run();
        assertThat(Application.ordersIn(output)).isEqualTo(orders);
    }

    @Test
    void theHelpShowsItsUrl() {
        assertThat(run(0, "replicate", "-help")).contains("shelf:///SHELF?shelfToken=TOKEN");
    }

    private Path database() {
        return folder.resolve("app.db");
    }

    /** What a configuration with these replicas, of a database each, is refused with. */
    private String refused(String... replicas) throws IOException {
        StringBuilder text = new StringBuilder("dbs:\n");
        for (int i = 0; i < replicas.length; i++) {
            text.append("  - path: /data/")
                    .append(i)
                    .append(".db\n    replica: ")
                    .append(replicas[i])
                    .append('\n');
        }
        return run(1, "databases", "-config", config(text.toString()));
    }

    private String config(String text) throws IOException {
        return Files.writeString(folder.resolve("runnel.yml"), text).toString();
    }

    private static String run(int status, String... arguments) {
        return RunnelCommand.run(LIMIT, status, arguments);
    }
}
