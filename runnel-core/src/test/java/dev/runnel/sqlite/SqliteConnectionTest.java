package dev.runnel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteConnectionTest {
    @TempDir
    Path folder;

    @Test
    void i46AConnectionIsClosedEvenIfItsTransactionCannotBeEnded() throws Exception {
        Connection open = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
        Statement statement = open.createStatement();
        SqliteConnection connection =
                new SqliteConnection(folder.resolve("app.db"), open, refusingToRollBack(statement));
        connection.begin();
        assertThatThrownBy(connection::close)
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("made by the test");
        assertThat(statement.isClosed()).isTrue();
        assertThat(open.isClosed()).isTrue();
    }

    @Test
    void aConnectionThatIsClosedTwiceIsClosed() throws Exception {
        Connection open = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
        SqliteConnection connection = new SqliteConnection(folder.resolve("app.db"), open, open.createStatement());
        connection.begin();
        connection.close();
        assertThat(connection.isReading()).isFalse();
        connection.close();
        assertThat(open.isClosed()).isTrue();
    }

    private static Statement refusingToRollBack(Statement statement) {
        InvocationHandler handler = (_, method, arguments) -> {
            if (arguments != null && "ROLLBACK".equals(arguments[0])) {
                throw new SQLException("made by the test");
            }
            try {
                return method.invoke(statement, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        };
        return (Statement) Proxy.newProxyInstance(
                SqliteConnectionTest.class.getClassLoader(), new Class<?>[] {Statement.class}, handler);
    }
}
