// Makes the replica set and one user a service; changes nothing where they are.
// Names and passwords stand once, in the URLs that the services are given.
const fs = require('fs');

const RIGHTS = {
  registration_mongo_url: 'registration',
  registration_citizens_mongo_url: 'citizens',
  reporting_mongo_url: 'reporting',
  notify_mongo_url: 'notify',
  messaging_mongo_url: 'messaging',
};
const READS_LOG_OF = {
  reporting_registration_log_mongo_url: 'registration',
  reporting_notify_log_mongo_url: 'notify',
};

function secret(name) {
  return fs.readFileSync(`/run/secrets/${name}`, 'utf8').trim();
}

function initiate() {
  try {
    rs.status();
  } catch (error) {
    if (error.codeName !== 'NotYetInitialized') throw error;
    rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] });
  }
  const deadline = Date.now() + 60000;
  while (!db.hello().isWritablePrimary) {
    if (Date.now() > deadline) throw new Error('no primary after 60 s');
    sleep(200);
  }
}

function readerOfLog(database) {
  const role = `${database}_log_reader`;
  const privileges = [{ resource: { db: database, collection: 'events' }, actions: ['find'] }];
  if (db.getRole(role)) db.updateRole(role, { privileges, roles: [] });
  else db.createRole({ role, privileges, roles: [] });
  return { role, db: 'admin' };
}

function allow(url, role) {
  const { username, password } = new URL(url);
  const user = { pwd: decodeURIComponent(password), roles: [role] };
  if (db.getUser(username)) db.updateUser(username, user);
  else db.createUser({ user: username, ...user });
}

db = db.getSiblingDB('admin');
db.auth('root', secret('mongo_root_password'));
initiate();
for (const [name, database] of Object.entries(RIGHTS)) {
  allow(secret(name), { role: 'readWrite', db: database });
}
for (const [name, database] of Object.entries(READS_LOG_OF)) {
  allow(secret(name), readerOfLog(database));
}
