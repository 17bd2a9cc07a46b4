package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.Namespace;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runnel as the first process of a container, which becomes the parent of all orphans. */
@Tag("slow")
class FirstProcessTest {
    @TempDir
    Path folder;

    private SupervisedProgram program = new SupervisedProgram(Path.of(""));

    @BeforeEach
    void createDatabase() throws Exception {
        program = new SupervisedProgram(folder);
        program.createDatabase(3);
    }

    @Test
    void orphansDoNotStayAsZombiesAndTheStatusOfTheApplicationIsItsOwn() throws Exception {
        Namespace.assumeFirstProcessAvailable();
        try (Child runnel = program.start(Namespace::asFirstProcess, """
                [ "$PPID" = 1 ] || exit 20
                for i in 1 2 3 4 5; do
                  (sh -c 'echo $$ >> "$FOLDER/orphans"' &)
                done
                while [ "$(cat "$FOLDER/orphans" | wc -l)" -lt 5 ]; do sleep 0.05; done
                tries=0
                for pid in $(cat "$FOLDER/orphans"); do
                  while [ -d "/proc/$pid" ]; do
                    tries=$((tries + 1))
                    [ "$tries" -lt 400 ] || exit 21
                    sleep 0.05
                  done
                done
                echo all gone
                for i in 1 2 3 4 5; do
                  (sh -c : &)
                done
                exit 5
                """)) {
            SupervisedProgram.awaitExit(runnel, 5);
            assertThat(runnel.transcript()).contains("all gone");
        }
        assertThat(program.restoredRows()).isEqualTo(3);
    }

    @Test
    void aSignalEndsItInOrder() throws Exception {
        Namespace.assumeFirstProcessAvailable();
        try (Child runnel = program.start(Namespace::asFirstProcess, """
                trap 'sqlite3 "$DB" "insert into t values(100)"; exit 6' TERM
                kill -TERM 1
                while :; do sleep 0.05; done
                """)) {
            SupervisedProgram.awaitExit(runnel, 6);
        }
        assertThat(program.restoredRows()).isEqualTo(4);
    }
}
