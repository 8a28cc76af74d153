//! Stories of pull requests, told against the built daemon and a GitHub on loopback. A module for each theme.

#![allow(clippy::unwrap_used)]

mod assistant;
mod assistant_guarded;
mod assistant_model;
mod checks;
mod commands;
mod crash;
mod digest;
mod doctor;
mod drift;
mod following;
mod forks;
mod freezes;
mod github;
mod input;
mod ipmi;
mod judging;
mod merging;
mod metal_guest;
mod mikrotik;
mod opening;
mod parallel;
mod policies;
mod protection;
mod proxmox;
mod proxmox_access;
mod proxmox_beside;
mod proxmox_losses;
mod rack;
mod records;
mod rendered;
mod repeats;
mod reverting;
mod rules_bounded;
mod secrets;
mod trial;
mod waiting;
mod webhooks;
mod windows;
mod with_docker;
mod with_docker_and_proxmox;
