// Runs as npm's "prepare", so that a plain "npm install" counts as installed, too.
import { stampInstall } from './lib/install.mjs';

const { npm_config_dry_run: dryRun, npm_config_package_lock_only: lockOnly } = process.env;
if (dryRun !== 'true' && lockOnly !== 'true') stampInstall();
