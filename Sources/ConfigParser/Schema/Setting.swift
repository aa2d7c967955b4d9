/// What a keyword sets, for the keywords that are lowered. Lowering switches over these without `default`, so a new
/// case cannot be forgotten.
enum Setting: Hashable, Sendable, BitwiseCopyable {
  case root(RootSetting)
  case global(GlobalSetting)
  case daemon(DaemonSetting)
  case balancing(BalancingSetting)
  case instance(InstanceSetting)
  case authentication(AuthenticationSetting)
  case hmac(HMACSetting)
  case syncGroup(SyncGroupSetting)
  case trackGroup(TrackGroupSetting)
  case announcementGroup(AnnouncementGroupSetting)
  case script(ScriptSetting)
  case trackProcess(TrackProcessSetting)
  case trackFile(TrackFileSetting)
  case bfd(BFDSetting)
  case ssl(SSLSetting)
  case virtualServer(VirtualServerSetting)
  case realServer(RealServerSetting)
  case check(CheckSetting)
  case url(URLSetting)
}

enum RootSetting: Hashable, Sendable, BitwiseCopyable {
  case globalDefinitions, instance, staticAddresses, staticRoutes, staticRules, trackGroup, syncGroup, script
  case trackProcess, trackFile, virtualServer, serverGroup, ssl, interfaceDelays, bfd, announcementGroup
  case linkPolling, polledInterfaces
}

enum GlobalSetting: Hashable, Sendable, BitwiseCopyable {
  // Defaults of instances.
  case version, messageOnlyChecksum, announceDelay, announceRepeats, announceRefresh, announceRefreshRepeats
  case downTimerAdvertisements, lowerPriorityDelay, lowerPriorityRepeats, minimumAnnouncements, extraAnnouncements
  case ignoreLowerPriority, sendBeforeYielding, ownerIgnores, skipAddressCheck, checkUnicastSource, strict
  case makeBeforeBreak
  case multicastGroup, notifyPriorityChanges, mail, mailVRRP, mailChecker

  case receiveBufferPolicy, receiveBufferMultiplier

  // The daemon.
  case routerID, scriptUser, scriptSecurity, announcementSpacing, neighborSpacing, startupDelay, bootDelay
  case defaultInterface, dynamicInterfaces, logUnknownRouterIDs, realTimePriority, niceness, processors, realTimeLimit
  case firewallPriority, firewallIndex, firewallCounters, virtualMACPrefix, virtualMACAddressPrefix, silenceGroups
  case lockMemory, firewallTable, includeCheck, logAllFailures, initialNotifies, onlyServerMail

  case stateDump, statisticsDump, jsonDump, jsonVersion, dumpInstance, namesVendorDirectory, namesDirectory

  // Mail, scripts, pipes.
  case recipients, sender, mailServer, heloName, mailTimeout, omitFaultMail
  case startupScript, startupTimeout, shutdownScript, shutdownTimeout
  case fifo, fifoReader, vrrpFIFO, vrrpFIFOReader, balancerFIFO, balancerFIFOReader, repeatStates
}

enum DaemonSetting: Hashable, Sendable, BitwiseCopyable {
  // Alerts.
  case mailEncryption, mailLogin, alertAuthority, webhook

  // Outside of all blocks.
  case instance, networkNamespace, pidDirectory, childWait

  case fileMask, processNames, processName, routerProcessName
  case bfdProcess(ProcessSetting)
  case symlinkPaths, supplementaryGroups, automaticPriority, automaticPriorityDelay

  // Reloads.
  case reloadCheck, reloadTime, reloadRepeat, reloadMarker, saveDirectory

  // Room in the kernel.
  case buffer(ReceiveBufferUser), forcedBuffer(ReceiveBufferUser)
}

/// Whose netlink socket a keyword gives room to.
enum ReceiveBufferUser: Hashable, Sendable, BitwiseCopyable {
  case routerCommands, routerEvents, checkCommands, checkEvents, processEvents
}

enum BalancingSetting: Hashable, Sendable, BitwiseCopyable {
  case namespace, flushAtStart, flushAtStop, timeouts, syncDaemon, markingTable, markingPriority, firstMark
  case process(ProcessSetting)
}

/// How the kernel is to treat a process.
enum ProcessSetting: Hashable, Sendable, BitwiseCopyable {
  case name, niceness, realTimePriority, realTimeLimit, processors, lockMemory
}

enum InstanceSetting: Hashable, Sendable, BitwiseCopyable {
  case state, interface, virtualRouterID, priority, interval, version, preempt, noPreempt, preemptDelay, authentication
  case addresses, excludedAddresses, noVirtualAddress, unicastSource, multicastSource, unicastPeers
  case announceDelay, announceRepeats, announceRefresh, announceRefreshRepeats, trackedInterfaces, nativeIPv6
  case messageOnlyChecksum, downTimerAdvertisements

  case trackedScripts, trackedFiles, trackedProcesses, trackedBFD, dontTrackPrimary, trackSource
  case notifyMaster, notifyBackup, notifyFault, notifyStop, notifyDeleted, notify, notifyLowerPriority, mail
  case notifyPriorityChanges
  case lowerPriorityDelay, lowerPriorityRepeats, extraAnnouncements, ignoreLowerPriority, sendBeforeYielding
  case ownerIgnores, skipAddressCheck, strict, checkUnicastSource, faultWithoutPeer, unicastHopLimit
  case multicastDestination, oldChecksum, receiveBuffer, timerExpired, accept, noAccept
  case virtualMAC, ipvlan, sendFromBase, virtualMACEverywhere, vrf, promoteSecondaries, routes, rules, hmac
  case externalRemoval, syncDaemon, prepareAddresses, makeBeforeBreak, linkPolling
}

enum AuthenticationSetting: Hashable, Sendable, BitwiseCopyable { case type, password }

enum HMACSetting: Hashable, Sendable, BitwiseCopyable { case key, activeKey, timeWindow, antiReplay, mode }

enum SyncGroupSetting: Hashable, Sendable, BitwiseCopyable {
  case members, trackedInterfaces, trackedScripts, trackedFiles, trackedProcesses, trackedBFD, trackingWeights
  case notifyMaster, notifyBackup, notifyFault, notifyStop, notify, mail, notifyPriorityChanges
}

enum AnnouncementGroupSetting: Hashable, Sendable, BitwiseCopyable {
  case announcementSpacing, neighborSpacing, interface, interfaces
}

enum TrackGroupSetting: Hashable, Sendable, BitwiseCopyable { case members }

enum ScriptSetting: Hashable, Sendable, BitwiseCopyable {
  case command, interval, timeout, weight, rise, fall, user, startFailed
}

enum TrackProcessSetting: Hashable, Sendable, BitwiseCopyable {
  case command, parameterMatch, weight, quorum, maximum, delay, terminateDelay, forkDelay, fullCommand
}

enum TrackFileSetting: Hashable, Sendable, BitwiseCopyable { case path, weight, initialize }

enum BFDSetting: Hashable, Sendable, BitwiseCopyable {
  case source, neighbor, receiveInterval, sendInterval, idleInterval, multiplier, passive, hopLimit, maximumHops
  case multihop, weight, informRouters, informChecks
}

enum SSLSetting: Hashable, Sendable, BitwiseCopyable { case password, authority, certificate, key }

enum VirtualServerSetting: Hashable, Sendable, BitwiseCopyable {
  case family, inhibit, scheduler, hashed, onePacket, flag1, flag2, flag3, forwarding, persistenceEngine
  case persistenceTimeout, persistenceGranularity, transport, suspend, activeOn, mail, virtualHost, snmpName, alpha,
    omega
  case quorumUp, quorumDown, quorum, hysteresis, weight, sorryServer, sorryInhibit, sorryForwarding, realServer
  case retries, delayBeforeRetry, warmup, connectTimeout, delayLoop
}

enum RealServerSetting: Hashable, Sendable, BitwiseCopyable {
  case weight, forwarding, upperThreshold, lowerThreshold, inhibit, notifyUp, notifyDown, alpha, mail, virtualHost
  case snmpName, slowStart, retries, delayBeforeRetry, warmup, connectTimeout, delayLoop
  case miscCheck, smtpCheck, tcpCheck, pingCheck, udpCheck, httpCheck, sslCheck, dnsCheck, fileCheck, bfdCheck
  case agentCheck, grpcCheck
}

enum CheckSetting: Hashable, Sendable, BitwiseCopyable {
  case connectAddress, connectPort, bindAddress, bindPort, bindInterface, mark, alpha, logAllFailures
  case retries, delayBeforeRetry, warmup, connectTimeout, delayLoop
  case virtualHost, httpVersion, enableSNI, sniName, fastRecovery, url, tlsCompliant
  case payload, requireReply, minimumReply, maximumReply, recordType, queryName, heloName, smtpHost
  case command, commandTimeout, dynamicWeight, user, trackFile, fileWeight, session
  case send, expect, expectPattern, tls, verify, expiryWarning, service, completeHandshake
}

enum URLSetting: Hashable, Sendable, BitwiseCopyable {
  case path, digest, statusCodes, virtualHost, pattern, noMatch, patternOptions, minimumOffset, maximumOffset, stack
  case tlsCompliant
}
