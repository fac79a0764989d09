import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ // The require scope
/******/ var __nccwpck_require__ = {};
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  o: () => (/* binding */ work)
});

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: external "node:module"
const external_node_module_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:module");
;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: external "node:v8"
const external_node_v8_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:v8");
;// CONCATENATED MODULE: external "node:vm"
const external_node_vm_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:vm");
;// CONCATENATED MODULE: ./build/core/account-cache.js
// Where an account keeps from run to run what is costly to make, and when a folder is its own. Pure.
/**
 * The folders in which programs of this account make their caches, absolute, the preferred one first; none where the account
 * has none. A relative XDG_CACHE_HOME counts as not set, as the XDG base directory specification wants it
 * (https://specifications.freedesktop.org/basedir-spec/latest/). Root's is the system's, since the accounts that root hands
 * work to cannot enter its home.
 */
function cacheBases({ environment, platform, uid, home }) {
    const own = home ? `${home}/${platform === 'darwin' ? 'Library/Caches' : '.cache'}` : '';
    return [environment['XDG_CACHE_HOME'] ?? '', uid === 0 ? '/var/cache' : own].filter((base) => base.startsWith('/'));
}
/** Whether others than the owner may write in what has this mode. */
const isOpenToOthers = (mode) => (mode & 0o022) !== 0;
/** Whether what `stat` tells belongs to the account `uid` and nobody else may write in it: what lies there may be believed. */
const isOwnAlone = (stat, uid) => stat.uid === uid && !isOpenToOthers(stat.mode);

;// CONCATENATED MODULE: ./build/host/compiled.js
// A program of ours in one script, with what the engine made of it the last time.








const UNUSED_DAYS = 60;
const HASH_BYTES = 32;
/**
 * What the CommonJS script `file` exports. When the process ends, what V8 compiled of it (measured: 50 ms of each run) is
 * kept in the account's own cache folder for the next run, under a name made of the script's bytes and Node's version and flags,
 * since V8 itself looks at no more than the length of a script. Where no folder is ours alone, or with
 * NODE_DISABLE_COMPILE_CACHE as Node has it, nothing is kept.
 * https://nodejs.org/api/vm.html#scriptcreatecacheddata
 */
function loadCompiled(file, environment) {
    const bytes = (0,external_node_fs_namespaceObject.readFileSync)(file);
    const folder = ownCacheFolder(environment);
    const kept = folder && external_node_path_namespaceObject.join(folder, nameOf(bytes));
    const cachedData = kept === undefined ? undefined : readKept(kept);
    const code = `(function (exports, require, module, __filename, __dirname) {${bytes.toString()}\n})`;
    const script = new external_node_vm_namespaceObject.Script(code, { filename: file, cachedData });
    const module = { exports: {} };
    const run = script.runInThisContext();
    run(module.exports, (0,external_node_module_namespaceObject.createRequire)(file), module, file, external_node_path_namespaceObject.dirname(file));
    if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected === true)) {
        process.once('exit', () => keep(kept, script));
    }
    return module.exports;
}
const hashOf = (...parts) => {
    const hash = (0,external_node_crypto_namespaceObject.createHash)('sha256');
    for (const part of parts)
        hash.update(part);
    return hash.digest();
};
/** The tag is another one for another V8, other flags of it and another processor. */
const nameOf = (bytes) => hashOf(`${process.version} ${process.arch} ${external_node_v8_namespaceObject.cachedDataVersionTag()} `, bytes).toString('hex', 0, 16);
/** Undefined also for what a disk has broken: V8 would run it. */
function readKept(file) {
    try {
        const content = (0,external_node_fs_namespaceObject.readFileSync)(file);
        const [hash, data] = [content.subarray(0, HASH_BYTES), content.subarray(HASH_BYTES)];
        return hashOf(data).equals(hash) ? data : undefined;
    }
    catch {
        return undefined;
    }
}
/** Complete at once, for whoever reads at the same time. What was kept for other versions goes after a while. */
function keep(file, script) {
    const part = `${file}.${process.pid}`;
    try {
        const folder = external_node_path_namespaceObject.dirname(file);
        const oldest = Date.now() - UNUSED_DAYS * 86_400_000;
        for (const name of (0,external_node_fs_namespaceObject.readdirSync)(folder)) {
            const other = external_node_path_namespaceObject.join(folder, name);
            if ((0,external_node_fs_namespaceObject.statSync)(other).mtimeMs < oldest)
                (0,external_node_fs_namespaceObject.rmSync)(other, { recursive: true, force: true });
        }
        const data = script.createCachedData();
        (0,external_node_fs_namespaceObject.writeFileSync)(part, Buffer.concat([hashOf(data), data]), { mode: 0o600 });
        (0,external_node_fs_namespaceObject.renameSync)(part, file);
    }
    catch {
        (0,external_node_fs_namespaceObject.rmSync)(part, { force: true });
    }
}
/** What lies in it is run as ours, so nobody else may be able to write there. */
function ownCacheFolder(environment) {
    if (environment['NODE_DISABLE_COMPILE_CACHE'] !== undefined)
        return undefined;
    try {
        const uid = process.getuid?.();
        const [base] = cacheBases({ environment, platform: process.platform, uid, home: (0,external_node_os_namespaceObject.homedir)() });
        if (base === undefined)
            return undefined;
        const folder = external_node_path_namespaceObject.join(base, 'pg-migration-gate-compiled');
        (0,external_node_fs_namespaceObject.mkdirSync)(folder, { recursive: true, mode: 0o700 });
        return [base, folder].every((one) => isOwnAlone((0,external_node_fs_namespaceObject.statSync)(one), uid)) ? folder : undefined;
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/entry/packed.js
// What dist/work.js is: the same exports as work.ts has, from the one script work.cjs beside it.


const { work } = loadCompiled(external_node_path_namespaceObject.join(import.meta.dirname, 'work.cjs'), process.env);

var __webpack_exports__work = __webpack_exports__.o;
export { __webpack_exports__work as work };
