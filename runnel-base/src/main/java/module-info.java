/** What stores are made of, and what touches the machine: files, clock, threads. It knows neither SQLite nor replication. */
module dev.runnel.base {
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.runnel.location;
    exports dev.runnel.platform;
    exports dev.runnel.store;

    uses dev.runnel.location.LocationType;

    provides dev.runnel.location.LocationType with
            dev.runnel.location.FolderLocationType;
}
