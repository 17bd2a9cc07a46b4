package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify} of what {@code replicate} wrote, in both layouts, on the machine that follows the database. */
@Tag("slow")
final class VerifyTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private Path database = Path.of("");
    private Path config = Path.of("");

    @BeforeEach
    void configure() throws IOException {
        database = folder.resolve("app.db");
        config = Files.writeString(
                folder.resolve("runnel.yml"), """
                dbs:
                  - path: %s
                    replicas:
                      - {name: ltx, path: %s}
                      - {name: generations, path: %s, layout: generations}
                """.formatted(database, folder.resolve("one"), folder.resolve("two")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-names", "-bytes", "-pages", "-restore"})
    void whatWasReplicatedIsComplete(String depth) throws Exception {
        replicate();
        String said = run(0, "verify", depth, "-config", config.toString());
        assertThat(said.lines().filter(line -> line.contains("  complete  "))).hasSize(2);
        assertThat(said).contains("2 histories: 2 in order, 0 not");
        if (!depth.equals("-names") && !depth.equals("-bytes")) {
            assertThat(said.lines().filter(line -> line.contains("equal to what is recorded here")))
                    .hasSize(2);
        }
    }

    @Test
    void theQueryIsAnsweredByTheRestoredDatabaseWhileRunnelFollowsIt() throws Exception {
        replicate();
        try (Child replicate = start();
                Application application = Application.start(database).orders(3, "more")) {
            replicate.awaitLine(Pattern.compile("level=INFO"), LIMIT);
            String said = run(
                    0,
                    "verify",
                    "-restore",
                    "-query",
                    "SELECT count(*) > 0 FROM orders",
                    "-expect",
                    "1",
                    "-config",
                    config.toString(),
                    database.toString());
            assertThat(said)
                    .contains("answer of " + database + " (ltx, ltx):", "answer of " + database + " (generations, ");
            assertThat(application.orders()).isNotEmpty();
        }
    }

    @Test
    void theDaemonVerifiesOnASchedule() throws Exception {
        Files.writeString(config, "validation: {interval: 1s}\n" + Files.readString(config));
        replicate();
        try (Child replicate = start()) {
            for (String name : List.of("one", "two")) {
                replicate.awaitLine(Pattern.compile("INFO.*verified: complete, .* replica=\\S*/" + name), LIMIT);
            }
            for (Path object : objects()) {
                byte[] content = Files.readAllBytes(object);
                content[content.length / 2] ^= 1;
                Files.write(object, content);
            }
            replicate.awaitLine(Pattern.compile("ERROR.*verification failed: damaged"), LIMIT);
        }
    }

    private Child start() {
        return Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of());
    }

    /** One byte in the middle of any object. */
    @Test
    void damageAnywhereIsFound() throws Exception {
        replicate();
        for (Path object : objects()) {
            byte[] content = Files.readAllBytes(object);
            byte[] damaged = content.clone();
            damaged[damaged.length / 2] ^= 1;
            Files.write(object, damaged);
            assertThat(run(1, "verify", "-bytes", "-config", config.toString()))
                    .contains("damaged: ", "" + object.getFileName(), "1 in order, 1 not");
            Files.write(object, content);
        }
    }

    private List<Path> objects() throws IOException {
        List<Path> objects = new ArrayList<>();
        for (String replica : List.of("one", "two")) {
            try (Stream<Path> found = Files.walk(folder.resolve(replica))) {
                found.filter(file -> file.toString().matches(".*\\.(ltx|lz4)")).forEach(objects::add);
            }
        }
        return objects;
    }

    private void replicate() throws Exception {
        try (Application application = Application.start(database).orders(20, "first")) {
            run(0, "replicate", "-once", "-config", config.toString());
            application.orders(5, "second");
            run(0, "replicate", "-once", "-config", config.toString());
        }
    }

    private static String run(int exit, String... arguments) {
        return RunnelCommand.run(LIMIT, exit, arguments);
    }
}
