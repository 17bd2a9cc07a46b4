"""A program that is measured, and a run of it."""
import contextlib
import os
import signal
import subprocess
import threading
import time

TICKS = os.sysconf('SC_CLK_TCK')
STOP_LIMIT = 60


class Usage:
    """What a run has used: CPU in seconds (ended children included), memory in MB, threads, descriptors."""

    def __init__(self, session):
        self.cpu = self.memory = self.peak_memory = 0.0
        self.threads = self.descriptors = 0
        for entry in os.scandir('/proc'):
            if entry.name.isdigit():
                with contextlib.suppress(OSError, KeyError, IndexError):      # it ended while we looked
                    self._add(entry.path, session)

    def _add(self, process, session):
        with open(process + '/stat', encoding='ascii', errors='replace') as f:
            fields = f.read().rsplit(')', 1)[1].split()
        if int(fields[3]) != session:
            return
        with open(process + '/status', encoding='ascii', errors='replace') as f:
            status = dict(line.split(':', 1) for line in f if ':' in line)
        self.cpu += sum(int(n) for n in fields[11:15]) / TICKS
        self.memory += int(status['VmRSS'].split()[0]) / 1024
        self.peak_memory += int(status['VmHWM'].split()[0]) / 1024
        self.threads += int(status['Threads'])
        self.descriptors += len(os.listdir(process + '/fd'))


class Run:
    """A running program, in a session of its own so that whatever it starts is counted and stopped with it."""

    def __init__(self, command, log):
        self.started = time.monotonic()
        with open(log, 'ab') as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        self.cpu = self.peak_memory = 0.0
        self.watch = threading.Thread(target=self._watch, daemon=True)
        self.watch.start()

    def _watch(self):
        while self.process.poll() is None:
            used = Usage(self.process.pid)
            self.cpu, self.peak_memory = max(self.cpu, used.cpu), max(self.peak_memory, used.peak_memory)
            time.sleep(0.05)

    def usage(self):
        return Usage(self.process.pid)

    def require_alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f'the tool has ended with status {self.process.returncode}')

    def wait(self):
        """Waits for its own end; gives (status, seconds)."""
        status = self.process.wait()
        seconds = time.monotonic() - self.started
        self.watch.join()
        return status, seconds

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.watch.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Program:
    def __init__(self, name, command):
        self.name, self.command = name, command

    def run(self, folder, *arguments):
        return Run(self.command + list(arguments), os.path.join(folder, 'log'))

    def replicate(self, folder, database, replica):
        return self.run(folder, 'replicate', database, 'file://' + replica)

    def replicate_all(self, folder, pairs, every=None):
        """Replicates many databases by a configuration file; `every` sets all intervals."""
        lines = ['dbs:']
        for database, replica in pairs:
            lines += [f'  - path: {database}']
            lines += [f'    monitor-interval: {every}'] if every else []
            lines += ['    replicas:', '      - type: file', f'        path: {replica}']
            lines += [f'        sync-interval: {every}'] if every else []
        config = os.path.join(folder, 'config.yml')
        with open(config, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines) + '\n')
        return self.run(folder, 'replicate', '-config', config)

    def restore(self, folder, replica, output):
        """Restores the newest state into a file that must not exist yet; gives the finished run and its seconds."""
        with contextlib.suppress(FileNotFoundError):
            os.remove(output)
        run = self.run(folder, 'restore', '-o', output, 'file://' + replica)
        status, seconds = run.wait()
        if status != 0:
            raise RuntimeError(f'restore ended with status {status}, see {folder}/log')
        return run, seconds
