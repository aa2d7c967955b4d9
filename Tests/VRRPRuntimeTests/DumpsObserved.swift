/// What keepalived 2.2.7 wrote about itself in a namespace of ours, with neutral names, without the numbers of its
/// descriptors and the sets of its firewall, and with the password hidden as later versions hide it.
enum ObservedDumps {
  static let active = """
     VRRP Instance = VI_1
       VRRP Version = 2
       Sync group = PAIR
       State = MASTER
       Flags: none
       Wantstate = MASTER
       Number of config faults = 0
       Number of interface and track script faults = 0
       Number of track scripts init = 0
       Last transition = 1795232158.388243 (Sat Nov 21 03:35:58.388243 2026)
       Read timeout = 1795232164.392854 (Sat Nov 21 03:36:04.392854 2026)
       Master down timer = 3546875 usecs
       Interface = v0
       Using src_ip = 192.0.2.1
       Multicast address 224.0.0.18
       Gratuitous ARP delay = 5
       Gratuitous ARP repeat = 5
       Gratuitous ARP refresh = 0
       Gratuitous ARP refresh repeat = 1
       Gratuitous ARP lower priority delay = 5
       Gratuitous ARP lower priority repeat = 5
       Down timer adverts = 3
       Send advert after receive lower priority advert = true
       Send advert after receive higher priority advert = false
       Virtual Router ID = 51
       Priority = 100
       Effective priority = 116
       Total priority = 116
       Advert interval = 1 sec
       Accept = enabled
       Preempt = enabled
       Promote_secondaries = disabled
       Authentication type = SIMPLE_PASSWORD
       Password = ********
       Virtual IP (2):
         192.0.2.100/24 dev v0 scope global set
         192.0.2.101/24 dev d0 scope global label d0:x set
       Virtual IP Excluded :
         2001:db8::5/64 dev v0 scope global preferred_lft forever set
       Virtual Routes :
         prepend 203.0.113.0/24 via inet 192.0.2.254 dev v0 proto 18
       Virtual Rules :
         from 203.0.113.0/24 priority 500 tos 0x0 protocol 18 lookup 100
       Tracked interfaces :
         d0 weight 3
       Tracked scripts :
         slow weight 0
         good weight 10
       Tracked files :
         load, weight 2
       Tracked processes :
         cron, weight 5
       Using smtp notification = yes
       Notify deleted = Fault
       Backup state transition script = '/etc/keepalived/note.sh' 'backup', uid:gid 0:0
       Master state transition script = '/etc/keepalived/note.sh' 'master', uid:gid 0:0
       Fault state transition script = '/etc/keepalived/note.sh' 'fault', uid:gid 0:0
       Stop state transition script = '/etc/keepalived/note.sh' 'stop', uid:gid 0:0
       Generic state transition script = '/etc/keepalived/note.sh' 'any', uid:gid 0:0
       Notify priority changes = true

    """

  static let backup = """
     VRRP Instance = VI_2
       VRRP Version = 3
       State = BACKUP
       Master router = 198.51.100.2
       Master priority = 200
       Master advert int = 0.50 sec
       Flags:
       Wantstate = BACKUP
       Number of config faults = 0
       Number of interface and track script faults = 0
       Number of track scripts init = 0
       Last transition = 1795233421.184137 (Sat Nov 21 03:57:01.184137 2026)
       Read timeout = 1795233431.090841 (Sat Nov 21 03:57:11.090841 2026)
       Master down timer = 1824218 usecs
       Interface = d0
       Skip checking advert IP addresses
       Using src_ip = 198.51.100.1
       Multicast address 224.0.0.18
       Gratuitous ARP delay = 5
       Gratuitous ARP repeat = 5
       Gratuitous ARP refresh = 60
       Gratuitous ARP refresh repeat = 2
       Gratuitous ARP lower priority delay = 3
       Gratuitous ARP lower priority repeat = 1
       Down timer adverts = 3
       Send advert after receive lower priority advert = true
       Send advert after receive higher priority advert = false
       Virtual Router ID = 52
       Priority = 90
       Effective priority = 90
       Total priority = 90
       Advert interval = 500 milli-sec
       Master advert interval = 500 milli-sec
       Accept = enabled
       Preempt = enabled
       Preempt delay = 30 secs
       Promote_secondaries = enabled
       Virtual IP (1):
         198.51.100.100/24 dev d0 scope global
       Using smtp notification = yes
       Notify deleted = Deleted
       Deleted state transition script = '/etc/keepalived/note.sh' 'deleted', uid:gid 0:0
       Master rx lower pri state transition script = '/etc/keepalived/note.sh' 'lower', uid:gid 0:0
       Notify priority changes = false

    """

  static let unicast = """
     VRRP Instance = VI_3
       VRRP Version = 2
       State = MASTER
       Flags:
         Using unicast
       Wantstate = MASTER
       Number of config faults = 0
       Number of interface and track script faults = 0
       Number of track scripts init = 0
       Last transition = 1795233426.833196 (Sat Nov 21 03:57:06.833196 2026)
       Read timeout = 1795233429.833334 (Sat Nov 21 03:57:09.833334 2026)
       Master down timer = 263777 usecs
       Interface = d0
       VRRP interface tracking disabled
       Using src_ip = 198.51.100.1 (from configuration)
       Gratuitous ARP delay = 5
       Gratuitous ARP repeat = 5
       Gratuitous ARP refresh = 0
       Gratuitous ARP refresh repeat = 1
       Gratuitous ARP lower priority delay = 5
       Gratuitous ARP lower priority repeat = 5
       Down timer adverts = 5
       Send advert after receive lower priority advert = false
       Send advert after receive higher priority advert = true
       Virtual Router ID = 53
       Priority = 90
       Effective priority = 90
       Total priority = 90
       Advert interval = 1 sec
       Accept = disabled
       Preempt = enabled
       Promote_secondaries = disabled
       Authentication type = none
       Virtual IP (2):
         198.51.100.101/24 brd 198.51.100.255 dev d0 scope global set
         198.51.100.102 dev d0 scope link no_track set
       Virtual IP Excluded :
         2001:db8::9 dev d0 scope global preferred_lft 60 set
         2001:db8::a/64 dev d0 scope global home -nodad mngtmpaddr noprefixroute preferred_lft forever set
       Unicast TTL = 255
       Check unicast src : yes
       Unicast Peer :
         198.51.100.2 min_ttl 0 max_ttl 255
         198.51.100.3 min_ttl 10 max_ttl 20
       Unicast checksum compatibility = no
       Using smtp notification = yes
       Notify deleted = Deleted
       Notify priority changes = false

    """

  static let ipv6 = """
     VRRP Instance = VI_6
       VRRP Version = 3
       Using Native IPv6
       State = MASTER
       Flags:
       Wantstate = MASTER
       Number of config faults = 0
       Number of interface and track script faults = 0
       Number of track scripts init = 0
       Last transition = 1795232155.398911 (Sat Nov 21 03:35:55.398911 2026)
       Read timeout = 1795232164.399384 (Sat Nov 21 03:36:04.399384 2026)
       Master down timer = 3570312 usecs
       Interface = v0
       Using src_ip = fe80::1 (from configuration)
       Multicast address ff02::12, ifindex 3
       Gratuitous ARP delay = 5
       Gratuitous ARP repeat = 5
       Gratuitous ARP refresh = 0
       Gratuitous ARP refresh repeat = 1
       Gratuitous ARP lower priority delay = 5
       Gratuitous ARP lower priority repeat = 5
       Down timer adverts = 3
       Send advert after receive lower priority advert = true
       Send advert after receive higher priority advert = false
       Virtual Router ID = 60
       Priority = 110
       Effective priority = 110
       Total priority = 110
       Advert interval = 1000 milli-sec
       Accept = enabled
       Preempt = enabled
       Promote_secondaries = disabled
       Virtual IP (2):
         fe80::60/64 dev v0 scope global preferred_lft forever set
         2001:db8::60/64 dev v0 scope global preferred_lft forever set
       Using smtp notification = no
       Notify deleted = Fault
       Notify priority changes = true

    """

  static let virtualMAC = """
     VRRP Instance = VI_5
       VRRP Version = 2
       State = MASTER
       Flags:
       Wantstate = MASTER
       Number of config faults = 0
       Number of interface and track script faults = 0
       Number of track scripts init = 0
       Last transition = 1795233421.188597 (Sat Nov 21 03:57:01.188597 2026)
       Read timeout = 1795233430.189201 (Sat Nov 21 03:57:10.189201 2026)
       Master down timer = 1 usecs
       Use VMAC, i/f name vrrp.55, is_up = true, xmit_base = false
       Interface = vrrp.55, vmac on v0
       Using src_ip = 192.0.2.1
       Multicast address 224.0.0.18
       Gratuitous ARP delay = 5
       Gratuitous ARP repeat = 5
       Gratuitous ARP refresh = 0
       Gratuitous ARP refresh repeat = 1
       Gratuitous ARP lower priority delay = 5
       Gratuitous ARP lower priority repeat = 5
       Down timer adverts = 3
       Send advert after receive lower priority advert = true
       Send advert after receive higher priority advert = false
       Virtual Router ID = 55
       Priority = 255
       Effective priority = 255
       Total priority = 255
       Advert interval = 1 sec
       Accept = enabled
       Preempt = enabled
       Promote_secondaries = disabled
       Authentication type = none
       Virtual IP (1):
         192.0.2.1/24 dev vrrp.55@v0 scope global set
       Using smtp notification = yes
       Notify deleted = Fault
       Notify priority changes = false

    """

  static let group = """
     VRRP Sync Group = PAIR, MASTER
       Num member fault 0, num member init 0
       VRRP member instances :
         VI_1
         VI_2
       sync group tracking weight set
       Using smtp notification = no
       Master state transition script = '/etc/keepalived/note.sh' 'group-master', uid:gid 0:0
       Generic state transition script = '/etc/keepalived/note.sh' 'group', uid:gid 0:0

    """

  static let slow = """
     VRRP Script = slow
       Command = '/etc/keepalived/slow.sh' 'a' 'b'
       Interval = 4 sec
       Timeout = 8 sec
       Weight = 0
       Rise = 3
       Fall = 2
       Result = 4
       Insecure = no
       Init state = unknown
       Status = GOOD
       Script uid:gid = 0:0
       VRRP instances :
       Tracking instances :
         VI_1, weight 0
       State = idle

    """

  static let badrev = """
     VRRP Script = badrev
       Command = '/usr/bin/false'
       Interval = 1 sec
       Timeout = 0 sec
       Weight = 7 reverse
       Rise = 1
       Fall = 1
       Result = 0
       Insecure = no
       Init state = unknown
       Status = BAD
       Script uid:gid = 0:0
       VRRP instances :
       Tracking instances :
         VR_A, weight 7 reverse
       State = idle

    """

  static let file = """
     Track file = f9
       File = /run/f9
       Status = 4
       Weight = -3 reverse
       Tracking instances :
         VI_8, weight -3 reverse

    """

  static let process = """
     VRRP Track process = many
       Process = sleep
       Parameters = 100
       Param match = partial
       Min processes = 2
       Max processes = 5
       Current processes = 0
       Have quorum = false
       Weight = 0
       Terminate delay = 2.500000s
       Fork delay = 1.000000s
       Fork delay timer not running
       Terminate delay timer not running
       Full command = true
       Tracking instances :
         VI_8, weight 3

    """

  static let statistics = """
    VRRP Instance: VI_1
      Advertisements:
        Received: 0
        Sent: 6
      Became master: 1
      Released master: 0
      Packet Errors:
        Length: 0
        TTL: 0
        Invalid Type: 0
        Advertisement Interval: 0
        Address List: 0
      Authentication Errors:
        Invalid Type: 0
        Type Mismatch: 0
        Failure: 0
      Priority Zero:
        Received: 0
        Sent: 0

    """

  static let activeJSON = #"""
    {"data":{"iname":"VI_1","dont_track_primary":0,"skip_check_adv_addr":0,"strict_mode":0,"vmac_ifname":"",\#
    "ifp_ifname":"v0","master_priority":0,"last_transition":1795232158.388243,"garp_delay":5,\#
    "garp_refresh":0,"garp_rep":5,"garp_refresh_rep":1,"garp_lower_prio_delay":5,"garp_lower_prio_rep":5,\#
    "lower_prio_no_advert":0,"higher_prio_send_advert":0,"vrid":51,"base_priority":100,\#
    "effective_priority":116,"vipset":true,"promote_secondaries":false,"adver_int":1,"master_adver_int":1,\#
    "accept":1,"nopreempt":false,"preempt_delay":0,"state":2,"wantstate":2,"version":2,"smtp_alert":true,\#
    "notify_deleted":false,"script_backup":"'\/etc\/keepalived\/note.sh' 'backup'",\#
    "script_master":"'\/etc\/keepalived\/note.sh' 'master'",\#
    "script_fault":"'\/etc\/keepalived\/note.sh' 'fault'",\#
    "script_stop":"'\/etc\/keepalived\/note.sh' 'stop'","script":"'\/etc\/keepalived\/note.sh' 'any'",\#
    "vips":["192.0.2.100\/24 dev v0 scope global set","192.0.2.101\/24 dev d0 scope global label d0:x set"],\#
    "evips":["2001:db8::5\/64 dev v0 scope global preferred_lft forever set"],\#
    "vroutes":["prepend 203.0.113.0\/24 via inet 192.0.2.254 dev v0 proto 18"],\#
    "vrules":["from 203.0.113.0\/24 priority 500 tos 0x0 protocol 18 lookup 100"],"track_ifp":["d0"],\#
    "track_script":["'\/etc\/keepalived\/slow.sh' 'a' 'b'","'\/usr\/bin\/true'"],"auth_type":1,\#
    "auth_data":"********"},"stats":{"advert_rcvd":0,"advert_sent":6,"become_master":1,"release_master":0,\#
    "packet_len_err":0,"advert_interval_err":0,"ip_ttl_err":0,"invalid_type_rcvd":0,"addr_list_err":0,\#
    "invalid_authtype":0,"authtype_mismatch":0,"auth_failure":0,"pri_zero_rcvd":0,"pri_zero_sent":0}}
    """#

  static let backupJSON = #"""
    {"data":{"iname":"VI_2","dont_track_primary":0,"skip_check_adv_addr":1,"strict_mode":0,"vmac_ifname":"",\#
    "ifp_ifname":"d0","master_priority":200,"last_transition":1795233421.184137,"garp_delay":5,\#
    "garp_refresh":60,"garp_rep":5,"garp_refresh_rep":2,"garp_lower_prio_delay":3,"garp_lower_prio_rep":1,\#
    "lower_prio_no_advert":0,"higher_prio_send_advert":0,"vrid":52,"base_priority":90,\#
    "effective_priority":90,"vipset":false,"promote_secondaries":true,"adver_int":0.5,\#
    "master_adver_int":0.5,"accept":1,"nopreempt":false,"preempt_delay":30,"state":1,"wantstate":1,\#
    "version":3,"smtp_alert":true,"notify_deleted":true,\#
    "script_deleted":"'\/etc\/keepalived\/note.sh' 'deleted'",\#
    "script_master_rx_lower_pri":"'\/etc\/keepalived\/note.sh' 'lower'",\#
    "vips":["198.51.100.100\/24 dev d0 scope global"],"auth_type":0},"stats":{"advert_rcvd":17,\#
    "advert_sent":0,"become_master":0,"release_master":0,"packet_len_err":0,"advert_interval_err":0,\#
    "ip_ttl_err":0,"invalid_type_rcvd":0,"addr_list_err":0,"invalid_authtype":0,"authtype_mismatch":0,\#
    "auth_failure":0,"pri_zero_rcvd":0,"pri_zero_sent":0}}
    """#
}
