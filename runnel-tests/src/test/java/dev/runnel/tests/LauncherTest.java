package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The script that a newcomer runs, from another folder than its own, and through a link. It may have to build first. */
@Tag("slow")
class LauncherTest {
    private static final Path SCRIPT = Path.of(System.getProperty("runnel.project"), "runnel");
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void replicatesAndRestoresWhateverFolderItIsRunFrom() throws SqlFailure, IOException {
        Path link = Files.createSymbolicLink(folder.resolve("a link to it"), SCRIPT);
        try (Child version = start(link, "version")) {
            assertThat(version.awaitExit(BUILD_LIMIT)).as(version.transcript()).isZero();
            assertThat(version.transcript().lines().toList().getLast()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
        }
        List<String> orders;
        try (Application application = Application.start(folder.resolve("app.db"));
                Child replicate = start(SCRIPT, "replicate", "app.db", "replica")) {
            orders = application.orders(3, "by the script").orders();
            Await.until(
                    "history at the replica",
                    LIMIT,
                    () -> new ReplicaOracle(folder.resolve("replica")).newestTxid() > 0);
            assertThat(replicate.stop(LIMIT)).as(replicate.transcript()).isZero();
        }
        try (Child restore = start(link, "restore", "-o", "copy.db", "replica")) {
            assertThat(restore.awaitExit(LIMIT)).as(restore.transcript()).isZero();
        }
        assertThat(Application.ordersIn(folder.resolve("copy.db"))).isEqualTo(orders);
    }

    @Test
    void theVersionNamesTheCommitThatWasBuilt() {
        boolean isClone = Files.exists(SCRIPT.resolveSibling(".git"));
        try (Child version = start(SCRIPT, "version", "-verbose")) {
            assertThat(version.awaitExit(BUILD_LIMIT)).as(version.transcript()).isZero();
            assertThat(version.transcript())
                    .containsPattern(
                            isClone ? "\nGit Commit:   [0-9a-f]{40}( \\(dirty\\))?\n" : "\nGit Commit:   unknown\n")
                    .containsPattern(
                            isClone
                                    ? "\nCommit Time:  \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\n"
                                    : "\nCommit Time:  unknown\n");
        }
    }

    @Test
    void i49NamesThatAreNotAsciiAreUsedWhateverTheLocale() throws SqlFailure, IOException {
        Path names = Files.createDirectory(folder.resolve("données"));
        List<String> orders;
        try (Application application =
                Application.start(names.resolve("größe.db")).orders(3, "by the script")) {
            orders = application.orders();
        }
        int round = 0;
        for (String locale :
                List.of("LC_ALL=xx_XX.UTF-8", "LANG=xx_XX.UTF-8 LC_ALL=", "LC_ALL=POSIX", "LC_ALL=C.UTF-8")) {
            String replica = "réplique-" + ++round;
            String copy = "zurück-" + round + ".db";
            run(locale, "replicate", "-once", "données/größe.db", "file://" + folder.resolve(replica));
            run(locale, "restore", "-o", copy, replica);
            assertThat(Application.ordersIn(folder.resolve(copy))).as(locale).isEqualTo(orders);
        }
    }

    @Test
    void anApplicationHasTheLocaleThatTheScriptWasGiven() throws SqlFailure, IOException {
        try (Application application = Application.start(folder.resolve("app.db"))) {
            application.order("by the script");
        }
        assertThat(localeOfApplication("LC_ALL=POSIX")).isEqualTo("POSIX");
        assertThat(localeOfApplication("LC_ALL= LANG=xx_XX.UTF-8")).isEmpty();
        assertThat(localeOfApplication("LC_ALL=C.UTF-8")).isEqualTo("C.UTF-8");
    }

    private String localeOfApplication(String locale) throws IOException {
        Path script = Files.writeString(folder.resolve("app.sh"), "echo \"locale=$LC_ALL.\"");
        String transcript = run(locale, "replicate", "-exec", "'sh " + script + "'", "app.db", "replica");
        return transcript
                .lines()
                .filter(line -> line.startsWith("locale="))
                .map(line -> line.substring("locale=".length(), line.length() - 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(transcript));
    }

    @Test
    void aBuildThatWasCopiedRunsAndSaysNothingAboutIt() {
        try (Child version = start(SCRIPT, "version")) {
            assertThat(version.awaitExit(BUILD_LIMIT)).as(version.transcript()).isZero();
        }
        // The archive of classes belongs to a jar with another time.
        String copy = "cd '" + SCRIPT.getParent() + "' && app=.build/$(head -1 .build/current)"
                + " && cp -a --parents runnel pom.xml runnel-*/pom.xml runnel-*/src/main .build/current $app '" + folder
                + "' && touch '" + folder + "'/$app/runnel.jar";
        try (Child copying = Child.start(List.of("sh", "-c", copy), Map.of())) {
            assertThat(copying.awaitExit(LIMIT)).as(copying.transcript()).isZero();
        }
        try (Child version = start(folder.resolve("runnel"), "version")) {
            assertThat(version.awaitExit(LIMIT)).as(version.transcript()).isZero();
            assertThat(version.transcript().strip()).matches("[0-9]+\\.[0-9]+\\.[0-9]+[^\n]*");
        }
    }

    private String run(String locale, String... arguments) {
        String inFolder =
                "cd '" + folder + "' && exec env " + locale + " '" + SCRIPT + "' " + String.join(" ", arguments);
        try (Child child = Child.start(List.of("sh", "-c", inFolder), Map.of("LC_ALL", "C.UTF-8"))) {
            assertThat(child.awaitExit(BUILD_LIMIT))
                    .as(locale + ": " + child.transcript())
                    .isZero();
            return child.transcript();
        }
    }

    /** {@code exec} makes the script, and Java after it, the very process that is started. */
    private Child start(Path script, String... arguments) {
        String inFolder = "cd '" + folder + "' && exec '" + script + "' " + String.join(" ", arguments);
        return Child.start(List.of("sh", "-c", inFolder), Map.of());
    }
}
