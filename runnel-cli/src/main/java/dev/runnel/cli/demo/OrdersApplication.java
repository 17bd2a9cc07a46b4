package dev.runnel.cli.demo;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The application of the demo: a small shop that writes orders to a database in WAL mode, one transaction each, until it
 * is killed. It says of each order when it is committed, so that it can be counted later what was lost.
 */
public final class OrdersApplication {
    private static final Duration PAUSE = Duration.ofMillis(4);
    private static final String[] GOODS = {"tea", "coffee", "cocoa", "sugar", "honey", "rice", "salt", "pepper"};

    private OrdersApplication() {}

    /** Never returns. */
    public static void run(String database, PrintStream out) throws SQLException, InterruptedException {
        SplittableRandom random = new SplittableRandom();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            create(connection);
            for (long order = 1; ; order++) {
                long time = System.currentTimeMillis();
                write(connection, order, time, random);
                out.println(order + " " + time);
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = wal");
            statement.execute("PRAGMA synchronous = normal");
            statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, committed_ms INTEGER, customer TEXT)");
            statement.execute("CREATE TABLE items (order_id INTEGER, goods TEXT, pieces INTEGER, cents INTEGER)");
            statement.execute("CREATE INDEX items_of_order ON items (order_id)");
        }
        connection.setAutoCommit(false);
    }

    private static void write(Connection connection, long order, long time, SplittableRandom random)
            throws SQLException {
        try (PreparedStatement insertOrder = connection.prepareStatement("INSERT INTO orders VALUES (?, ?, ?)");
                PreparedStatement insertItem = connection.prepareStatement("INSERT INTO items VALUES (?, ?, ?, ?)")) {
            insertOrder.setLong(1, order);
            insertOrder.setLong(2, time);
            insertOrder.setString(3, "customer " + random.nextInt(500));
            insertOrder.executeUpdate();
            int items = random.nextInt(1, 6);
            for (int i = 0; i < items; i++) {
                insertItem.setLong(1, order);
                insertItem.setString(2, GOODS[random.nextInt(GOODS.length)]);
                insertItem.setInt(3, random.nextInt(1, 10));
                insertItem.setInt(4, random.nextInt(50, 2000));
                insertItem.executeUpdate();
            }
        }
        connection.commit();
    }
}
