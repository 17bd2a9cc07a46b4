package dev.runnel.testkit.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlSessionTest {
    @TempDir
    Path folder;

    @Test
    void aSessionInThisJvmBehavesAsAllDo() throws SqlFailure {
        behavesAsAllDo(JdbcSession::open);
    }

    @Test
    void aSessionInAChildBehavesAsAllDo() throws SqlFailure {
        behavesAsAllDo(ChildSession::open);
    }

    @Test
    void aSessionOfTheProgramBehavesAsAllDo() throws SqlFailure {
        ShellSession.assumeProgram();
        behavesAsAllDo(ShellSession::open);
    }

    private void behavesAsAllDo(Function<Path, SqlSession> open) throws SqlFailure {
        Path database = folder.resolve("app.db");
        try (SqlSession session = open.apply(database);
                SqlSession other = open.apply(database)) {
            session.run("create table t(a, b)", "insert into t values(1, 'one'), (null, 'two')");
            assertThat(session.rows("select * from t")).containsExactly("1|one", "|two");
            assertThat(session.number("select count(*) from t")).isEqualTo(2);

            session.run("begin immediate");
            other.run("pragma busy_timeout=0");
            assertThatThrownBy(() -> other.run("begin immediate"))
                    .isInstanceOfSatisfying(
                            SqlFailure.class, e -> assertThat(e.isContention()).isTrue());
            session.run("rollback");

            session.disconnect();
            session.connect();
            assertThatThrownBy(() -> session.run("select nothing from nowhere"))
                    .isInstanceOfSatisfying(
                            SqlFailure.class, e -> assertThat(e.code()).isEqualTo(1));
            assertThat(session.rows("select b from t")).containsExactly("one", "two");
        }
    }
}
