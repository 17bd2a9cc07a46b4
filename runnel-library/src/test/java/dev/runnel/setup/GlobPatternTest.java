package dev.runnel.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*.db, app.db, true",
        "*.db, .db, true",
        "*.db, app.db-wal, false",
        "*.db, app.dbx, false",
        "app?.db, app1.db, true",
        "app?.db, app.db, false",
        "[a-c]*, bravo, true",
        "[a-c]*, delta, false",
        "[^a-c]*, delta, true",
        "[^a-c]*, bravo, false",
        "[abx-z].db, y.db, true",
        "[\\]].db, ].db, true",
        "[\\-a].db, -.db, true",
        "\\*.db, *.db, true",
        "\\*.db, a.db, false",
        "a{b}(c)+$.db, a{b}(c)+$.db, true",
        "tenant-*.sqlite3, tenant-42.sqlite3, true",
        "*ü.db, größeü.db, true",
        "😀*.db, 😀a.db, true",
        "[😀x].db, 😀.db, true",
        "?.db, 😀.db, true"
    })
    void matchesAsGoDoes(String pattern, String name, boolean matches) {
        assertThat(GlobPattern.parse(pattern).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[a", "[]a]", "[a-", "[c-a]", "[-]", "\\", "a/*.db"})
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> GlobPattern.parse(pattern));
    }
}
